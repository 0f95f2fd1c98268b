import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { readAdminFiles } from '../http/admin-files.js';
import { pageHeaders } from '../http/security-headers.js';
import { lockStore } from '../provision/lock-store.js';
import { isInstalled, refreshChannels } from '../stores/stores.js';
import { authorizationSchema, exchangeCode } from './exchange-code.js';
import { installStore, seeUser } from './install.js';
import { createSession, type SessionOwner } from './session.js';
import { settingsPage } from './settings-page.js';
import { alreadyUsed, readSignedPayload, type SignedPayload, useOnce } from './signed-payload.js';
import { forgetStore, prepareCleaning } from './uninstall.js';

/** Texts, or lists of them when a parameter comes twice. */
type Query = Readonly<Record<string, unknown>>;

/**
 * What BigCommerce calls: `/auth` when a merchant installs the app, `/load` when one opens it, both in a frame of the control panel;
 * `/uninstall` and `/remove_user` from its servers.
 *
 * Source: BigCommerce, "Single-Click App Callbacks".
 */
export function installRoutes(app: FastifyInstance, deps: AppDeps): void {
  const { config, db } = deps;
  // A HEAD would use up what the GET after it needs.
  const call = { exposeHeadRoute: false };
  const page = { ...call, config: { isPage: true }, helmet: pageHeaders(config) };

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get<{ Querystring: Query }>('/auth', page, async ({ query, headers, log }, reply) => {
    const isExternal = query.external_install !== undefined;
    const finish = (result: 'succeeded' | 'failed'): FastifyReply =>
      reply.redirect(`${config.bigcommerceLoginUrl}/app/${config.clientId}/install/${result}`);
    try {
      const { storeHash, user } = await install(deps, query);
      if (isExternal) return finish('succeeded');
      await refreshChannels(deps, storeHash);
      const locale = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*/i.exec(headers['accept-language'] ?? '')?.[0] ?? '';
      return await sendPage(deps, reply, { storeHash, userId: user.id, locale, channelId: null });
    } catch (error) {
      if (!isExternal) throw error;
      log.warn({ err: error }, 'an installation from outside of the control panel failed');
      return finish('failed');
    }
  });

  app.get<{ Querystring: Query }>('/load', page, async ({ query }, reply) => {
    const payload = await readSignedPayload(deps, query.signed_payload_jwt);
    const { storeHash, user, channelId } = payload;
    const hasChannels = await open(deps, payload);
    // What BigCommerce tells may be old, or it may not have answered when the app was installed.
    if (hasChannels) await deps.queue.wake('refresh-channels', storeHash);
    else await refreshChannels(deps, storeHash);
    return sendPage(deps, reply, { storeHash, userId: user.id, locale: user.locale, channelId });
  });

  app.get<{ Querystring: Query }>('/uninstall', call, async ({ query, log }) => {
    const payload = await readSignedPayload(deps, query.signed_payload_jwt);
    const { storeHash } = payload;
    const clean = await prepareCleaning(deps, storeHash);
    await db.transaction().execute(async (transaction) => {
      const isFirst = await useOnce(transaction, payload);
      // BigCommerce may ask twice; who has the app again since, installed it again.
      if (!isFirst && (await isInstalled(transaction, storeHash))) throw alreadyUsed();
      await forgetStore(deps, storeHash, transaction);
    });
    log.info({ storeHash }, 'a store uninstalled the app');
    await clean();
    return { uninstalled: storeHash };
  });

  app.get<{ Querystring: Query }>('/remove_user', call, async ({ query }) => {
    const payload = await readSignedPayload(deps, query.signed_payload_jwt);
    const { storeHash, user } = payload;
    await db.transaction().execute(async (transaction) => {
      const isFirst = await useOnce(transaction, payload);
      const { numDeletedRows } = await transaction
        .deleteFrom('store_user')
        .where('store_hash', '=', storeHash)
        .where('user_id', '=', user.id)
        .executeTakeFirstOrThrow();
      // BigCommerce may ask twice; who is there again since was let in again.
      if (!isFirst && numDeletedRows > 0n) throw alreadyUsed();
    });
    return { removed: user.id };
  });
}

/** Installs a store. What BigCommerce tells of it is asked for by whoever shows it, or when the app is opened. */
async function install(deps: AppDeps, query: Query) {
  const authorization = authorizationSchema.safeParse(query).data;
  if (!authorization) {
    throw new AppError(
      'INSTALL_REQUEST_INVALID',
      'that is no installation which BigCommerce began. Install Extole from Apps in the control panel.',
      400,
    );
  }
  const grant = await exchangeCode(deps, authorization);
  await installStore(deps, grant);
  deps.log.info({ storeHash: grant.storeHash }, 'a store installed the app');
  return grant;
}

/**
 * Lets a user in, by a JWT that was not used before.
 *
 * @returns Whether the store's storefronts are known.
 */
async function open(deps: AppDeps, payload: SignedPayload): Promise<boolean> {
  const { storeHash, user } = payload;
  return deps.db.transaction().execute(async (db) => {
    if (!(await useOnce(db, payload))) throw alreadyUsed();
    // Whoever comes while it is uninstalled must not be kept.
    await lockStore(db, storeHash);
    await seeUser(db, storeHash, user);
    const channel = await db
      .selectFrom('channel')
      .select('channel_id')
      .where('store_hash', '=', storeHash)
      .limit(1)
      .executeTakeFirst();
    return channel !== undefined;
  });
}

async function sendPage(
  deps: AppDeps,
  reply: FastifyReply,
  { channelId, ...user }: Omit<SessionOwner, 'openedAt'> & Pick<SignedPayload, 'channelId'>,
): Promise<FastifyReply> {
  const [session, files] = await Promise.all([
    createSession(deps, { ...user, openedAt: deps.now() }),
    readAdminFiles(),
  ]);
  const html = settingsPage({ session, files, nonce: reply.cspNonce, channelId });
  return reply.type('text/html; charset=utf-8').send(html);
}
