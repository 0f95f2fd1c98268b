import { GUEST_KEY, type SwitchName, signInUrl, switchUrl } from './addresses.js';
import type { StoreContent } from './bigcommerce/store-content.js';
import type { ControlPanel } from './control-panel/control-panel.js';
import { SDK_PATH } from './merchant.js';
import { OPERATOR_PATH } from './program-domain/operator.js';
import type { View } from './stencil-context.js';
import { CURRENCIES, fullName, PRODUCTS, SHOPPERS } from './store-data.js';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const;

/** The app, as the sandbox offers it to whoever tries it. */
export interface OfferedApp {
  readonly url: string;
  /** Extole's access token, which the stand-in of Extole's API takes. */
  readonly accessToken: string;
  isInstalled(): boolean;
}

/** What there is beside the storefront. */
export interface Surroundings {
  readonly programUrl: string;
  readonly apiUrl: string;
  readonly controlPanel: Pick<ControlPanel, 'pageBuilderUrl' | 'appsUrl' | 'ordersUrl' | 'promotionsUrl'>;
  /** Whether Extole was put into the store without the app. */
  readonly isPublished: boolean;
  /** `undefined` where only the store is started. */
  readonly app: OfferedApp | undefined;
}

/**
 * What the bar on top of every page shows: who is signed in, in which language and currency, how Extole comes into the store, and
 * how to change it.
 */
export function sandboxContext(view: View, surroundings: Surroundings) {
  const { programUrl: liveUrl, isPublished, app } = surroundings;
  const names = Object.fromEntries(SHOPPERS.map((shopper) => [shopper.key, fullName(shopper)]));
  const currencies = Object.fromEntries(Object.keys(CURRENCIES).map((code) => [code, code]));
  const switchTo = (name: SwitchName) => (value: string) => switchUrl(view, name, value);
  return {
    start_url: `${view.origin}/sandbox`,
    live_url: liveUrl,
    consent: view.consent,
    switches: [
      choiceOf('Shopper', { [GUEST_KEY]: 'Guest', ...names }, view.shopper?.key ?? GUEST_KEY, (key) =>
        signInUrl(view, key),
      ),
      choiceOf('Language', LANGUAGE_NAMES, view.language, switchTo('language')),
      choiceOf('Currency', currencies, view.currency, switchTo('currency')),
      choiceOf(
        'Cookies',
        { off: 'No consent needed', on: 'Consent needed' },
        view.isConsentNeeded ? 'on' : 'off',
        switchTo('banner'),
      ),
      ...(app ? [extoleChoice(view, surroundings, app)] : []),
      // Zones are the merchant's to place where nobody set up the app.
      ...(isPublished
        ? [
            choiceOf(
              'Zones',
              { widgets: 'Widgets', automatic: 'Automatic' },
              view.areZonesAutomatic ? 'automatic' : 'widgets',
              switchTo('placing'),
            ),
          ]
        : []),
    ],
    // Signing in leads to the account, as on a real storefront.
    sign_ins: Object.entries(names).map(([key, name]) => ({
      name,
      url: signInUrl({ origin: view.origin, back: '/account.php' }, key),
    })),
  };
}

/** How Extole comes into the store: by the app, which the control panel installs, or without it; never both ways at once. */
function extoleChoice(view: View, { controlPanel, isPublished }: Surroundings, app: OfferedApp) {
  const isInstalled = app.isInstalled();
  const choice = (name: string, url: string) => ({ name, url, is_active: false });
  const choices = isPublished
    ? [choice('Take it out', switchUrl(view, 'extole', 'out'))]
    : isInstalled
      ? [choice('Open the control panel', controlPanel.appsUrl)]
      : [
          choice('Install the app', controlPanel.appsUrl),
          choice('Without the app: publish', switchUrl(view, 'extole', 'in')),
        ];
  const current = isPublished ? 'Without the app' : isInstalled ? 'By the app' : 'Not in the store';
  return { label: 'Extole', choices, current };
}

/** @param names - What can be chosen, by key, as the bar calls it. */
function choiceOf(
  label: string,
  names: Readonly<Record<string, string>>,
  active: string,
  urlOf: (key: string) => string,
) {
  const choices = Object.entries(names).map(([key, name]) => ({
    name,
    url: urlOf(key),
    is_active: key === active,
  }));
  return { label, choices, current: names[active] };
}

/** What the start page shows: what to try, which address does what, and what the merchant placed. */
export function startPageContext(
  origin: string,
  surroundings: Surroundings,
  content: Pick<StoreContent, 'widgets' | 'placements'>,
) {
  const { programUrl: liveUrl, apiUrl, controlPanel, isPublished, app } = surroundings;
  const { pageBuilderUrl } = controlPanel;
  const hostile = PRODUCTS.find(({ title }) => title.includes('</script>'));
  const product = `${origin}${PRODUCTS[0]?.path ?? '/'}`;
  const buy = `${origin}/cart.php?action=add&product_id=${PRODUCTS[0]?.id ?? 0}`;
  const signIn = (key: string, back: string): string => signInUrl({ origin, back }, key);
  return {
    setup: app && setupContext(origin, surroundings, app),
    steps: [
      {
        title: 'Watch what Extole receives',
        text: 'Leave it open beside the store: each zone request comes in live, and each event from a server.',
        url: liveUrl,
        is_live: true,
      },
      {
        title: 'Open the store as a guest',
        text: 'A bar below the menu, a link in the footer and a floating button come from Extole.',
        url: signIn(GUEST_KEY, '/'),
      },
      {
        title: 'Look at a product',
        text: 'Its card sends the event data that the merchant typed; {{product.url}} arrives as the real address.',
        url: product,
      },
      {
        title: 'Sign in as Mary Ann Evans',
        text: 'Name, e-mail and customer id go with each zone now, and the bar greets her.',
        url: signIn('mary', '/'),
      },
      {
        title: "Sign in as Zoë 🦊 O'Neil</script><b>",
        text: 'A name that breaks careless pages. It arrives at Extole letter by letter.',
        url: signIn('zoe', hostile?.path ?? '/'),
      },
      {
        title: 'Sign out on a shared computer',
        text: 'Sign out on the account page: the list shows that Extole forgets Mary, and the next shopper is a guest.',
        url: signIn('mary', '/account.php'),
      },
      {
        title: 'Buy something',
        text: 'Enter a coupon code if you like, and place the order: a pop-up opens, and the conversion arrives, once however often you load the page.',
        url: buy,
      },
      ...(app ? orderSteps(buy, controlPanel.ordersUrl) : []),
      ...(app ? rewardSteps(origin, surroundings) : []),
      {
        title: 'Read the store in German',
        text: 'The locale that the shopper sees goes with each zone, and the creatives follow.',
        url: switchUrl({ origin, back: '/' }, 'language', 'de'),
      },
      {
        title: 'Ask for consent first',
        text: 'Nothing goes to Extole before you accept. “Cookie settings” in the footer takes it back.',
        url: switchUrl({ origin, back: '/' }, 'banner', 'on'),
      },
      ...(isPublished
        ? [
            {
              title: 'Do without widgets',
              text: 'The zones come by themselves, where the theme has its regions.',
              url: switchUrl({ origin, back: PRODUCTS[0]?.path ?? '/' }, 'placing', 'automatic'),
            },
          ]
        : []),
      {
        title: 'Drag a CTA in Page Builder',
        text: 'Drag Extole CTA Tag under the price, choose Product, publish, and look at the product. While you edit, each zone is a labelled box, and Extole is asked for nothing.',
        url: `${pageBuilderUrl}&path=${PRODUCTS[0]?.path ?? '/'}`,
      },
      {
        title: 'Publish from the command line',
        text: 'The terminal that runs the sandbox shows what to paste: a plan for this store first, then a diagnosis of a page.',
        url: `${origin}/sandbox`,
      },
      {
        title: 'Ask what goes wrong',
        text: 'Each zone of the page is told of: what it sent, what came, and what went wrong.',
        url: `${product}?extole_debug`,
      },
      {
        title: 'Take Extole away',
        text: 'Choose “answers 500” on the live page and load the store again: the fallback texts stay, the store works.',
        url: liveUrl,
        is_live: true,
      },
      {
        title: 'Tighten the security policy',
        text: 'The same page under the strictest Content-Security-Policy that Extole allows, with a nonce.',
        url: `${product}?csp=strict`,
      },
    ],
    addresses: [
      { url: `${origin}/`, text: 'The storefront, with its GraphQL and REST endpoints' },
      { url: `${origin}${SDK_PATH}extole-storefront.js`, text: 'The storefront SDK, as it was built' },
      { url: pageBuilderUrl, text: "Page Builder, in the store's control panel" },
      ...(app
        ? [
            { url: controlPanel.appsUrl, text: "The apps, in the store's control panel" },
            { url: controlPanel.ordersUrl, text: 'The orders, and how webhooks and Extole behave' },
            { url: controlPanel.promotionsUrl, text: 'The promotions, and the coupon codes of each' },
            { url: `${liveUrl}${OPERATOR_PATH}`, text: 'Rewards, as a merchant sets them up in Extole' },
            { url: app.url, text: "The app, which answers to the control panel and to the store's pages" },
          ]
        : []),
      { url: apiUrl, text: "BigCommerce's REST API, which wants the access token" },
      { url: `${liveUrl}/`, text: 'The program domain: all that came to it' },
      { url: `${liveUrl}/core.js`, text: "The core tag, a stand-in for Extole's" },
    ],
    widgets: [...content.placements.values()].map(({ region, template_file, widget_uuid }) => ({
      // `region` is a helper in BigCommerce's Handlebars.
      place: template_file ? `${region} (${template_file})` : region,
      settings: Object.entries(content.widgets.get(widget_uuid)?.widget_configuration ?? {})
        .map(([id, value]) => `${id}: ${value}`)
        .join('\n'),
    })),
  };
}

/** What to try with orders, once the app is installed and set up. */
function orderSteps(buy: string, ordersUrl: string) {
  return [
    {
      title: 'Have the app tell of the order',
      text: 'With the app set up, the same order comes a second time, from its server, and Extole counts it once. A payment that fails tells Extole nothing; one that comes later, once it has come.',
      url: buy,
    },
    {
      title: 'Ship it, cancel it, give the money back',
      text: 'Change what becomes of your orders, and watch which events follow. Refunds have to be switched on in the app.',
      url: ordersUrl,
    },
    {
      title: 'Lose a webhook',
      text: 'Choose “are silent”, buy something, and choose “are sent” again. The app finds what it was not told within 15 minutes, or once a webhook comes that names no order.',
      url: ordersUrl,
    },
    {
      title: 'Take Extole down',
      text: 'Choose “is down” or “refuses the token”, and buy something: the event waits in the app, and arrives once Extole answers again.',
      url: ordersUrl,
    },
  ];
}

/** How rewards become coupon codes, once the app is installed and set up. */
function rewardSteps(origin: string, { programUrl, controlPanel }: Surroundings) {
  const operatorUrl = `${programUrl}${OPERATOR_PATH}`;
  return [
    {
      title: 'Create two promotions',
      text: 'One for advocates and one for friends, both with coupons. Enter the ID of each with its supplier on the next page.',
      url: controlPanel.promotionsUrl,
    },
    {
      title: 'Have Extole tell the app of rewards',
      text: "Enter the webhook's address from the app's Rewards page, and a client key of your own; enter the same key in the app, and switch rewards on there.",
      url: operatorUrl,
    },
    {
      title: 'Share as Mary Ann Evans',
      text: 'Copy her link from “Refer a friend”, and open it in a private window or another browser: a friend lands there.',
      url: signInUrl({ origin, back: '/' }, 'mary'),
    },
    {
      title: 'Buy as her friend',
      text: 'In the other browser. An e-mail address gives the friend a code to enter in the cart. Once the order has reached Extole, Mary earns hers: load her page again.',
      url: `${origin}/`,
    },
    {
      title: 'Take a reward back',
      text: 'Revoke it, and its code goes from the promotion, unless it was used. Or have the webhooks lost or sent twice.',
      url: operatorUrl,
    },
  ];
}

/** What to do first, where the store is empty until somebody sets up the app. */
function setupContext(
  origin: string,
  { programUrl, controlPanel, isPublished }: Surroundings,
  app: OfferedApp,
) {
  return {
    is_installed: app.isInstalled(),
    is_published: isPublished,
    apps_url: controlPanel.appsUrl,
    page_builder_url: controlPanel.pageBuilderUrl,
    store_url: `${origin}/`,
    program_domain: new URL(programUrl).host,
    access_token: app.accessToken,
    publish_url: switchUrl({ origin, back: '/' }, 'extole', 'in'),
    take_out_url: switchUrl({ origin, back: '/sandbox' }, 'extole', 'out'),
  };
}
