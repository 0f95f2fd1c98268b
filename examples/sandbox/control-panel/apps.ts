import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addressWithin } from '../addresses.js';
import { queryOf, recall, remember } from '../requests.js';
import type { AppInstallation } from './app-installation.js';
import {
  APP_PATH,
  APPS_PATH,
  appPage,
  appsPage,
  installPage,
  noAccessPage,
  type PanelView,
  uninstallPage,
} from './pages.js';
import { LOCALES, OWNER, STAFF, type StaffMember } from './staff.js';

/** What the Apps page says after a change, by the address's `done`. */
const NOTICES: Readonly<Record<string, string>> = {
  uninstalled: 'Extole was uninstalled.',
  admitted: 'Access was given.',
  removed: 'Access was removed.',
};

const SESSION = z.object({ staff: z.coerce.number(), locale: z.string(), back: z.string() });
const ACCESS = z.object({ staff: z.coerce.number(), may_open: z.enum(['yes', 'no']) });
const INSTALL = z.object({ external: z.string().optional() }).optional();

/**
 * The control panel's apps: the list, the way in and out, and the app in its frame. One app, and forms without a script.
 *
 * Source: BigCommerce, "Single-Click App OAuth Flow", "Supporting Multiple Users".
 *
 * @param store.url - The control panel's own origin.
 */
export function appsRoutes(
  routes: FastifyInstance,
  store: {
    readonly name: string;
    readonly storefrontUrl: string;
    readonly installation: AppInstallation;
    readonly url: () => string;
  },
): void {
  const { installation } = store;

  const viewOf = (request: FastifyRequest): PanelView => ({
    storeName: store.name,
    storefrontUrl: store.storefrontUrl,
    installation,
    user: personOf(Number(recall(request, 'staff'))),
    locale: localeOf(recall(request, 'staff_locale')),
    path: request.url,
  });
  /** @throws {NotTheOwner} Only the owner installs, uninstalls and gives access. */
  const ownerOf = (request: FastifyRequest): StaffMember => {
    const { user } = viewOf(request);
    if (user.id !== OWNER.id) throw new NotTheOwner(`${OWNER.name}, who owns the store, can do that.`);
    return user;
  };
  const toApps = (reply: FastifyReply, done: keyof typeof NOTICES): FastifyReply =>
    reply.redirect(`${APPS_PATH}?done=${done}`, 303);

  routes.setErrorHandler((error, _request, reply) => {
    const status = error instanceof NotTheOwner ? 403 : error instanceof z.ZodError ? 400 : 500;
    if (status === 500) console.error(error);
    return reply.code(status).type('text/plain; charset=utf-8').send(`${error}`);
  });

  routes.post('/manage/session', async (request, reply) => {
    const { staff, locale, back } = SESSION.parse(request.body);
    remember(reply, 'staff', `${personOf(staff).id}`);
    remember(reply, 'staff_locale', localeOf(locale));
    return reply.redirect(addressWithin({ origin: store.url(), back }), 303);
  });

  routes.get(APPS_PATH, async (request, reply) =>
    page(reply, appsPage(viewOf(request), NOTICES[queryOf(request, 'done')] ?? '')),
  );
  routes.get(`${APPS_PATH}/extole/install`, async (request, reply) =>
    page(reply, installPage(viewOf(request), queryOf(request, 'external') === 'true')),
  );
  routes.post(`${APPS_PATH}/extole/install`, async (request, reply) => {
    const isExternal = INSTALL.parse(request.body)?.external === 'true';
    const address = installation.accept(ownerOf(request), { isExternal });
    return isExternal ? reply.redirect(address, 303) : page(reply, appPage(viewOf(request), address));
  });
  routes.get(`${APPS_PATH}/extole/uninstall`, async (request, reply) =>
    page(reply, uninstallPage(viewOf(request))),
  );
  routes.post(`${APPS_PATH}/extole/uninstall`, async (request, reply) => {
    await installation.uninstall(ownerOf(request));
    return toApps(reply, 'uninstalled');
  });
  routes.post(`${APPS_PATH}/extole/access`, async (request, reply) => {
    ownerOf(request);
    const { staff, may_open } = ACCESS.parse(request.body);
    if (may_open === 'yes') installation.admit(personOf(staff));
    else await installation.remove(personOf(staff));
    return toApps(reply, may_open === 'yes' ? 'admitted' : 'removed');
  });

  routes.get(APP_PATH, async (request, reply) => {
    const view = viewOf(request);
    if (!installation.mayOpen(view.user)) return page(reply.code(403), noAccessPage(view));
    return page(reply, appPage(view, await installation.loadUrl(view.user, view.locale)));
  });
}

class NotTheOwner extends Error {}

const page = (reply: FastifyReply, body: string): FastifyReply =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(body);

const personOf = (id: number): StaffMember => STAFF.find((person) => person.id === id) ?? OWNER;

const localeOf = (locale: string): string => (Object.hasOwn(LOCALES, locale) ? locale : 'en-US');
