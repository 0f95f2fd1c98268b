import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { effectiveSettings, verificationKeyPurpose } from '../settings/settings.js';
import { EXTOLE_JWT_SECONDS, readCurrentCustomer, signExtoleJwt } from './shopper-jwt.js';
import { VERIFICATION_PATH } from './verification-url.js';

/** A JWT of BigCommerce's is much shorter. */
const BODY_LIMIT_BYTES = 8 * 1_024;

/** For each address that shoppers come from, which may be that of a whole office. */
const REQUESTS_PER_MINUTE = 300;

/**
 * `POST /shoppers/verify`: what BigCommerce says of who is signed in, made into what Extole believes. The body is BigCommerce's JWT as
 * `text/plain`; only the pages of the store that it is for are answered. `docs/architecture.md` has the contract with the SDK. Takes a scope of its own.
 */
export async function shopperRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  // A page may send text to another origin without asking first, and nothing else is agreed on.
  app.removeContentTypeParser('application/json');
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: '1 minute' });
  app.post(
    VERIFICATION_PATH,
    { bodyLimit: BODY_LIMIT_BYTES },
    async ({ body, headers: { origin } }, reply) => {
      reply.headers({ 'cache-control': 'no-store', vary: 'Origin' });
      const jwt = typeof body === 'string' ? body.trim() : '';
      const shopper = await readCurrentCustomer(deps.config, jwt, deps.now());
      if (!shopper) {
        throw new AppError(
          'SHOPPER_JWT_INVALID',
          "that is no JWT of BigCommerce's current customer, or it does not hold any more. Get a new one.",
          401,
        );
      }
      const { storeHash } = shopper;
      const channelId = await channelAt(deps, storeHash, origin);
      if (origin === undefined || channelId === undefined) {
        throw new AppError(
          'SHOPPER_ORIGIN_REFUSED',
          "the page that asks is of no storefront of the shopper's store that has the app.",
          403,
        );
      }
      reply.header('access-control-allow-origin', origin);
      const key = await verificationKey(deps, storeHash, channelId);
      if (!key) {
        throw new AppError(
          'SHOPPER_VERIFICATION_OFF',
          'shoppers of this storefront go unverified, by its settings.',
          404,
        );
      }
      return { jwt: await signExtoleJwt(shopper, key, deps.now()), expires_in_seconds: EXTOLE_JWT_SECONDS };
    },
  );
}

/** The storefront of a store whose pages are at an origin. */
async function channelAt(
  { db }: AppDeps,
  storeHash: string,
  origin: string | undefined,
): Promise<number | undefined> {
  const channels = await db
    .selectFrom('channel')
    .innerJoin('store', 'store.store_hash', 'channel.store_hash')
    .select(['channel.channel_id', 'channel.url'])
    .where('channel.store_hash', '=', storeHash)
    .where('store.uninstalled_at', 'is', null)
    .orderBy('channel.position')
    .execute();
  return channels.find(({ url }) => url !== null && new URL(url).origin === origin)?.channel_id;
}

/** The key that signs for a storefront; `undefined` where none is to. */
async function verificationKey(
  { db, secrets }: AppDeps,
  storeHash: string,
  channelId: number,
): Promise<{ key: string; keyId: string } | undefined> {
  const effective = await effectiveSettings(db, storeHash, channelId);
  const { settings, verificationKey: sealed } = effective;
  if (!settings.isEnabled || !sealed) return undefined;
  const key = secrets.open(sealed.key, verificationKeyPurpose(storeHash, effective.channelId));
  return { key, keyId: sealed.keyId };
}
