import { setTimeout as sleep } from 'node:timers/promises';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { unpublish } from '../../store/publish.js';
import type { AppDeps, Database } from '../deps.js';
import { checkCodes } from '../rewards/check-codes.js';
import { giveUpReady } from '../rewards/give-up-codes.js';
import { storeClient } from '../stores/stores.js';

/** How long BigCommerce waits for our answer is not documented. */
const CLEANING_MS = 8_000;

/**
 * Forgets a store at once: its access token, the secrets of its webhooks and Extole's, Extole's tokens and keys, and its users. Coupon codes
 * that are kept ready are given up. What the merchant set stays for 30 days, in case that the app comes back.
 *
 * @param db - A transaction that it is part of; otherwise it gets one of its own.
 */
export async function forgetStore(
  deps: Pick<AppDeps, 'now' | 'db'>,
  storeHash: string,
  db: Database = deps.db,
): Promise<void> {
  if (!db.isTransaction) {
    await db.transaction().execute((transaction) => forgetStore(deps, storeHash, transaction));
    return;
  }
  await db
    .updateTable('store')
    .set({ access_token: null, webhook_secret: null, token_refused_at: null, uninstalled_at: deps.now() })
    .where('store_hash', '=', storeHash)
    // The 30 days count from the first time that we hear of it.
    .where('uninstalled_at', 'is', null)
    .execute();
  await db
    .updateTable('channel_settings')
    .set({
      access_token: null,
      access_token_last_four: null,
      access_token_saved_at: null,
      verification_key: null,
      verification_key_id: null,
      verification_key_last_four: null,
      verification_key_saved_at: null,
    })
    .where('store_hash', '=', storeHash)
    .execute();
  await db
    .updateTable('reward_settings')
    .set({ webhook_key: null, webhook_key_last_four: null, webhook_key_saved_at: null })
    .where('store_hash', '=', storeHash)
    .execute();
  // So that none is given that is deleted from the store meanwhile, should the app come back.
  await giveUpReady(deps, db, storeHash);
  await db.deleteFrom('store_user').where('store_hash', '=', storeHash).execute();
}

/**
 * Makes what takes out of a store what we put there, as far as BigCommerce lets us: it deletes our scripts and webhooks itself, and
 * whether our token still works by then is not documented. To be made before {@link forgetStore}, which erases the token, and called
 * after it, so that neither a slow answer nor our own end keeps a secret from being erased.
 *
 * @returns Settles when all is out, or after eight seconds, or when something failed, of which the log tells. Never rejects. Without a
 *   token there is nothing to do.
 */
export async function prepareCleaning(deps: AppDeps, storeHash: string): Promise<() => Promise<void>> {
  const { log } = deps;
  const client = await storeClient(deps, storeHash, { totalTimeoutMs: CLEANING_MS }).catch(() => undefined);
  return async () => {
    if (!client) return;
    const waiting = new AbortController();
    await Promise.race([
      clean(deps, client).catch((error: unknown) =>
        log.warn(
          { err: error, storeHash },
          'could not take everything out of a store that uninstalled the app',
        ),
      ),
      sleep(CLEANING_MS, undefined, { signal: waiting.signal }).catch(() => undefined),
    ]);
    waiting.abort();
  };
}

async function clean(deps: AppDeps, client: BigCommerceClient): Promise<void> {
  const hooks = await client.hooks();
  await Promise.all(
    hooks
      .filter(({ destination }) => destination.startsWith(`${deps.config.appUrl}/`))
      .map(({ id }) => client.deleteHook(id)),
  );
  const channels = await client.storefronts();
  // Widgets stay where merchants placed them: without our script they are empty, and there again after a reinstallation.
  await unpublish(client, { channelIds: channels.map(({ id }) => id) });
  // They may be many, and nobody knows them.
  await checkCodes(deps, client);
}
