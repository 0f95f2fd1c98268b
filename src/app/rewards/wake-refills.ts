import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { turnOf } from '../provision/spread.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Has those stores see to the codes that they keep ready whose turn of the hour is within this minute: how many are wanted grows with use, and
 * batches whose answer was lost are found in the end, whatever became of the jobs that were to look for them. Every minute.
 */
export async function wakeRefills({ db, now, queue }: Pick<AppDeps, 'db' | 'now' | 'queue'>): Promise<void> {
  const stores = await db
    .selectFrom('store')
    .select('store_hash')
    .where('uninstalled_at', 'is', null)
    .where(({ exists, or, selectFrom }) =>
      or([
        exists(
          selectFrom('reward_settings')
            .select('channel_id')
            .whereRef('reward_settings.store_hash', '=', 'store.store_hash')
            .where(sql<boolean>`settings -> 'readyPromotionIds' <> '[]'`),
        ),
        exists(
          selectFrom('code_batch').select('id').whereRef('code_batch.store_hash', '=', 'store.store_hash'),
        ),
      ]),
    )
    .execute();
  const minute = Math.floor(now().getTime() / MINUTE_MS);
  const hour = new Date(Math.floor(now().getTime() / HOUR_MS) * HOUR_MS);
  for (const { store_hash: storeHash } of stores) {
    const runAt = turnOf(storeHash, hour, HOUR_MS);
    const isDue = Math.floor(runAt.getTime() / MINUTE_MS) === minute;
    if (isDue) await queue.wake('refill-codes', storeHash, { runAt, keepsRunAt: true });
  }
}
