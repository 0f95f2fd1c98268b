import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addressWithin } from '../addresses.js';
import { queryOf, remember } from '../requests.js';
import { APP_PATH, APPS_PATH, appPage, appsPage, installPage, noAccessPage, uninstallPage } from './pages.js';
import { localeOf, type PanelStore, personOf, sendPage, viewOf } from './panel-view.js';
import { OWNER, type StaffMember } from './staff.js';

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
  store: PanelStore & { readonly url: () => string },
): void {
  const { installation } = store;
  /** @throws {NotTheOwner} Only the owner installs, uninstalls and gives access. */
  const ownerOf = (request: FastifyRequest): StaffMember => {
    const { user } = viewOf(request, store);
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
    sendPage(reply, appsPage(viewOf(request, store), NOTICES[queryOf(request, 'done')] ?? '')),
  );
  routes.get(`${APPS_PATH}/extole/install`, async (request, reply) =>
    sendPage(reply, installPage(viewOf(request, store), queryOf(request, 'external') === 'true')),
  );
  routes.post(`${APPS_PATH}/extole/install`, async (request, reply) => {
    const isExternal = INSTALL.parse(request.body)?.external === 'true';
    const address = installation.accept(ownerOf(request), { isExternal });
    return isExternal
      ? reply.redirect(address, 303)
      : sendPage(reply, appPage(viewOf(request, store), address));
  });
  routes.get(`${APPS_PATH}/extole/uninstall`, async (request, reply) =>
    sendPage(reply, uninstallPage(viewOf(request, store))),
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
    const view = viewOf(request, store);
    if (!installation.mayOpen(view.user)) return sendPage(reply.code(403), noAccessPage(view));
    return sendPage(reply, appPage(view, await installation.loadUrl(view.user, view.locale)));
  });
}

class NotTheOwner extends Error {}
