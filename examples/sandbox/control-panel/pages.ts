import { type Html, html, select } from '../html.js';
import { PAGE_BUILDER_PATH } from '../page-builder/page-builder.js';
import type { AppInstallation, AppRegistration } from './app-installation.js';
import { LOCALES, OWNER, STAFF, type StaffMember } from './staff.js';

/** Where the folder with the style sheet is. */
export const FILES_PATH = '/manage/files/';

/** Where the apps are. */
export const APPS_PATH = '/manage/apps';

/** Where the orders are. */
export const ORDERS_PATH = '/manage/orders';

/** Where the promotions are. */
export const PROMOTIONS_PATH = '/manage/promotions';

/** Where the app is shown, in its frame. */
export const APP_PATH = '/manage/app/extole';

/** What a page of the control panel is about, besides its own content. */
export interface PanelView {
  readonly storeName: string;
  readonly storefrontUrl: string;
  readonly installation: AppInstallation;
  readonly hasOrders: boolean;
  /** Who is signed in, and in which language: a BCP 47 tag. */
  readonly user: StaffMember;
  readonly locale: string;
  /** The address of this page, which a change of the user leads back to. */
  readonly path: string;
}

const document = (title: string, className: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Control panel</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${FILES_PATH}control-panel.css">
</head>
<body class="${className}">
${body}
</body>
</html>`.text;

/** A page with the control panel around it. */
export function panelPage(view: PanelView, title: string, main: Html, className = ''): string {
  const { storeName, storefrontUrl, installation, hasOrders, user, locale, path } = view;
  const item = (href: string, text: string, isHere = path.startsWith(href)): Html =>
    html`<li><a href="${href}"${isHere ? html` aria-current="page"` : ''}>${text}</a></li>`;
  return document(
    title,
    className,
    // The app in the frame has a header and a main part too: these are told from them by name.
    html`<header aria-label="Control panel">
<p class="store">${storeName}</p>
<nav aria-label="Store"><ul>
${hasOrders ? item(ORDERS_PATH, 'Orders') : ''}
${item(PROMOTIONS_PATH, 'Promotions')}
${item(APPS_PATH, 'Apps', path.split('?')[0] === APPS_PATH)}
${installation.mayOpen(user) ? item(APP_PATH, installation.app.name) : ''}
${item(PAGE_BUILDER_PATH, 'Page Builder')}
${item(`${storefrontUrl}/`, 'View store')}
</ul></nav>
<form class="who" method="post" action="/manage/session">
<input type="hidden" name="back" value="${path}">
<label>Signed in as ${select(
      'staff',
      STAFF.map(({ id, name }) => [`${id}`, id === OWNER.id ? `${name}, owner` : name]),
      `${user.id}`,
    )}</label>
<label>Language ${select('locale', Object.entries(LOCALES), locale)}</label>
<button>Switch</button>
</form>
</header>
<main aria-label="${title}, in the control panel">
${main}
</main>`,
  );
}

/** The list of apps, and who may open which. */
export function appsPage(view: PanelView, notice: string): string {
  const { installation, user } = view;
  const { app, isInstalled } = installation;
  const isOwner = user.id === OWNER.id;
  const actions = isInstalled
    ? html`${installation.mayOpen(user) ? html`<a class="button primary" href="${APP_PATH}">Open</a>` : ''}
${isOwner ? html`<a class="button danger" href="${APPS_PATH}/extole/uninstall">Uninstall</a>` : ''}`
    : isOwner
      ? html`<a class="button primary" href="${APPS_PATH}/extole/install">Install</a>`
      : '';
  const hint = isInstalled
    ? installation.mayOpen(user)
      ? 'Installed.'
      : `Installed. ${OWNER.name} has not given you access to it.`
    : isOwner
      ? 'Not installed.'
      : `Not installed. ${OWNER.name}, who owns the store, can install it.`;
  return panelPage(
    view,
    'Apps',
    html`<h1>Apps</h1>
${notice && html`<p class="notice" role="status">${notice}</p>`}
<section class="card app" aria-labelledby="app-name">
<div><h2 id="app-name">${app.name}</h2><p>${app.summary}</p><p class="help">${hint}</p></div>
<div class="actions">${actions}</div>
</section>
${isInstalled && isOwner ? accessCard(installation) : ''}`,
  );
}

function accessCard(installation: AppInstallation): Html {
  const { name: appName } = installation.app;
  return html`<section class="card" aria-labelledby="users">
<h2 id="users">Who may open ${appName}</h2>
<ul class="users">${STAFF.map((person) => {
    const mayOpen = installation.mayOpen(person);
    const button = html`<form method="post" action="${APPS_PATH}/extole/access">
<input type="hidden" name="staff" value="${`${person.id}`}">
<button name="may_open" value="${mayOpen ? 'no' : 'yes'}">${mayOpen ? 'Remove access' : 'Give access'}<span class="unseen"> of ${person.name}</span></button>
</form>`;
    return html`<li><span><b>${person.name}</b><span class="help">${person.email}</span></span>${
      person.id === OWNER.id ? html`<span class="help">Owner</span>` : button
    }</li>`;
  })}</ul>
</section>`;
}

/** What the app asks for, before it is installed. In a window of its own where the merchant came from elsewhere. */
export function installPage(view: PanelView, isExternal: boolean): string {
  const { app } = view.installation;
  const content = html`<h1>Install ${app.name}</h1>
<section class="card">
<p>${app.summary}</p>
<h2>${app.name} will be able to</h2>
<ul class="scopes">${Object.entries(app.scopes).map(([scope, text]) => html`<li>${text} <code>${scope}</code></li>`)}</ul>
<form class="actions" method="post" action="${APPS_PATH}/extole/install">
${isExternal ? html`<input type="hidden" name="external" value="true">` : ''}
<button class="primary">Accept and install</button>
${isExternal ? '' : html`<a class="button" href="${APPS_PATH}">Cancel</a>`}
</form>
</section>`;
  return isExternal
    ? document(`Install ${app.name}`, 'alone', html`<main>${content}</main>`)
    : panelPage(view, `Install ${app.name}`, content);
}

/** What goes when the app is uninstalled, before it is. */
export function uninstallPage(view: PanelView): string {
  const { name } = view.installation.app;
  return panelPage(
    view,
    `Uninstall ${name}`,
    html`<h1>Uninstall ${name}?</h1>
<section class="card">
<p>Its scripts leave the storefront, and it can read and change nothing in the store any more. Widgets that stand in pages stay there.</p>
<form class="actions" method="post" action="${APPS_PATH}/extole/uninstall">
<button class="danger">Uninstall</button>
<a class="button" href="${APPS_PATH}">Cancel</a>
</form>
</section>`,
  );
}

/**
 * The app, with the control panel around it.
 *
 * @param source - The address of the app's page.
 */
export function appPage(view: PanelView, source: string): string {
  const { name } = view.installation.app;
  return panelPage(
    view,
    name,
    html`<h1>${name}</h1>
<iframe id="app" title="${name}" src="${source}"></iframe>`,
    'framing',
  );
}

/** Instead of the app, for a user who may not open it. */
export function noAccessPage(view: PanelView): string {
  const { installation } = view;
  const { name } = installation.app;
  const why = installation.isInstalled
    ? `${OWNER.name}, who owns the store, has not given you access to it.`
    : 'It is not installed.';
  return panelPage(
    view,
    name,
    html`<h1>${name}</h1>
<section class="card"><p>You can't open ${name}. ${why}</p><p class="actions"><a class="button" href="${APPS_PATH}">Back to the apps</a></p></section>`,
  );
}

/** How an installation ended that was begun elsewhere. */
export function outcomePage({ name }: AppRegistration, hasSucceeded: boolean): string {
  const [title, text] = hasSucceeded
    ? [`${name} is installed`, 'Close this window, and open it from the Apps page.']
    : [`${name} was not installed`, 'Close this window, and try again.'];
  return document(title, 'alone', html`<main><h1>${title}</h1><p>${text}</p></main>`);
}
