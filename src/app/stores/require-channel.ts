import type { Selectable } from 'kysely';
import { AppError } from '../app-error.js';
import type { ChannelTable } from '../database/tables.js';
import type { Database } from '../deps.js';

/**
 * A storefront of a store.
 *
 * @throws {AppError} 404 `CHANNEL_UNKNOWN`
 */
export async function requireChannel(
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<Selectable<ChannelTable>> {
  const channel = await db
    .selectFrom('channel')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .executeTakeFirst();
  if (channel) return channel;
  throw new AppError(
    'CHANNEL_UNKNOWN',
    `the store has no storefront with the channel id ${channelId}. Load the page again.`,
    404,
  );
}
