import { sql } from 'kysely';
import { type BigCommerceClient, createBigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import { AppError } from '../app-error.js';
import { countCall } from '../count-call.js';
import type { AppDeps, Database } from '../deps.js';

/** A merchant may be waiting for it. */
const REFRESH_TIMEOUT_MS = 15_000;

/** What a store's access token is sealed for. */
export const storeTokenPurpose = (storeHash: string): string => `store-token:${storeHash}`;

/**
 * The REST API of a store that has the app. When BigCommerce refuses our token, `token_refused_at` of the store says since when; once it
 * takes it again, no more. Both are written before the call settles.
 *
 * @param options.totalTimeoutMs - The longest that a call may take in all. 2 minutes unless said otherwise.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function storeClient(
  deps: Pick<AppDeps, 'config' | 'db' | 'secrets' | 'metrics' | 'log' | 'now'>,
  storeHash: string,
  options: { readonly totalTimeoutMs?: number } = {},
): Promise<BigCommerceClient> {
  const { config, db, secrets, metrics, log, now } = deps;
  const store = await db
    .selectFrom('store')
    .select(['access_token', 'token_refused_at'])
    .where('store_hash', '=', storeHash)
    .where('uninstalled_at', 'is', null)
    .executeTakeFirst();
  const sealed = store?.access_token;
  if (!sealed) throw storeNotInstalled(storeHash);

  let isRefused = store.token_refused_at !== null;
  let written: Promise<unknown> = Promise.resolve();
  const tellRefused = (refused: boolean): Promise<unknown> => {
    if (refused !== isRefused) {
      isRefused = refused;
      written = written.then(() => writeRefused(refused));
    }
    // Calls that end at the same time all wait for the one that writes.
    return written;
  };
  const writeRefused = (refused: boolean): Promise<unknown> =>
    db
      .updateTable('store')
      .set({ token_refused_at: refused ? now() : null })
      .where('store_hash', '=', storeHash)
      // Another token may have come meanwhile, of which this says nothing.
      .where('access_token', '=', sealed)
      .execute()
      .catch((error: unknown) =>
        log.error({ err: error, storeHash }, 'could not note what became of a token'),
      );
  return createBigCommerceClient({
    storeHash,
    accessToken: secrets.open(sealed, storeTokenPurpose(storeHash)),
    apiUrl: config.bigcommerceApiUrl,
    ...options,
    onAttempt: async ({ status }) => {
      countCall(metrics, 'bigcommerce', status);
      if (status === 401) await tellRefused(true);
      else if (status && status < 300) await tellRefused(false);
    },
  });
}

/** Whether a store has the app. */
export async function isInstalled(db: Database, storeHash: string): Promise<boolean> {
  const store = await db
    .selectFrom('store')
    .select('store_hash')
    .where('store_hash', '=', storeHash)
    .where('uninstalled_at', 'is', null)
    .executeTakeFirst();
  return store !== undefined;
}

/** The error that says that a store has not, or no more, installed the app. */
export function storeNotInstalled(storeHash: string): AppError {
  return new AppError(
    'STORE_NOT_INSTALLED',
    `the store ${storeHash} has not installed the app, or no longer has it. Install Extole from Apps in the control panel.`,
    404,
  );
}

/**
 * Asks BigCommerce for a store's name, storefronts and order statuses, and keeps them. A storefront that is gone goes; its settings stay.
 *
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 * @throws {BigCommerceError} Any of its codes: what was kept before stays.
 */
export async function refreshChannels(deps: AppDeps, storeHash: string): Promise<void> {
  const client = await storeClient(deps, storeHash, { totalTimeoutMs: REFRESH_TIMEOUT_MS });
  const [information, storefronts, statuses] = await Promise.all([
    client.storeInformation(),
    client.storefronts(),
    client.orderStatuses(),
  ]);
  const sites = await Promise.all(storefronts.map(({ id }) => siteUrl(client, id)));
  const rows = storefronts.map(({ id, name, platform }, index) => ({
    store_hash: storeHash,
    channel_id: id,
    name,
    platform: platform === 'catalyst' ? ('catalyst' as const) : ('bigcommerce' as const),
    url: sites[index] ?? null,
    position: id === information.default_channel_id ? 0 : index + 1,
  }));
  await deps.db.transaction().execute(async (db) => {
    await db
      .updateTable('store')
      .set({ name: information.name ?? storeHash, order_statuses: JSON.stringify(statuses) })
      .where('store_hash', '=', storeHash)
      .execute();
    const gone = db.deleteFrom('channel').where('store_hash', '=', storeHash);
    if (rows.length === 0) {
      await gone.execute();
      return;
    }
    await gone
      .where(
        'channel_id',
        'not in',
        rows.map((row) => row.channel_id),
      )
      .execute();
    await db
      .insertInto('channel')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['store_hash', 'channel_id']).doUpdateSet({
          name: sql.ref('excluded.name'),
          platform: sql.ref('excluded.platform'),
          url: sql.ref('excluded.url'),
          position: sql.ref('excluded.position'),
        }),
      )
      .execute();
  });
}

/** @returns `null` for a storefront that is at no address yet. */
async function siteUrl(client: BigCommerceClient, channelId: number): Promise<string | null> {
  try {
    const { url } = await client.site(channelId);
    return /^https?:\/\//.test(url) && URL.canParse(url) ? url : null;
  } catch (error) {
    if (error instanceof BigCommerceError && error.status === 404) return null;
    throw error;
  }
}
