import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { inBatches } from '../in-batches.js';
import { writeAgain } from '../write-again.js';

/** That something happened to an order. What, BigCommerce is asked. */
export interface OrderNews {
  readonly storeHash: string;
  readonly orderId: number;
}

/** Keeps what is heard of orders. */
export interface Intake {
  /**
   * Has an order looked at. Settles once that is on the disk, with what wakes its store, and rejects when it is not. Of a store that does not
   * have the app, nothing is kept.
   */
  hear(news: OrderNews): Promise<void>;
}

/** A write takes the disk one turn, for one order or for many. */
const BATCH = 200;

/** Makes the intake of a process. What comes while something is written is written together. */
export function createIntake(deps: Pick<AppDeps, 'db' | 'queue' | 'now' | 'random'>): Intake {
  return { hear: inBatches(BATCH, (news) => writeAgain(deps, () => write(deps, news))) };
}

function write(
  { db: database, queue, now }: Pick<AppDeps, 'db' | 'queue' | 'now'>,
  news: readonly OrderNews[],
): Promise<void> {
  const heardAt = now();
  return database.transaction().execute(async (db) => {
    // Whoever writes several does so in the same order, so that no two wait for each other: orders first, then the queue.
    const { rows } = await sql<{ storeHash: string }>`
      insert into store_order (store_hash, order_id, heard_count, heard_at, found_by, due_at, priority)
      select heard.store_hash, heard.order_id, count(*), ${heardAt}::timestamptz, 'webhook', ${heardAt}::timestamptz, 0
      from unnest(${news.map(({ storeHash }) => storeHash)}::text[], ${news.map(({ orderId }) => orderId)}::bigint[])
        as heard (store_hash, order_id)
      join store on store.store_hash = heard.store_hash and store.uninstalled_at is null
      group by heard.store_hash, heard.order_id
      order by heard.store_hash, heard.order_id
      on conflict (store_hash, order_id) do update set
        heard_count = store_order.heard_count + excluded.heard_count,
        heard_at = excluded.heard_at,
        found_by = case when store_order.due_at is null then excluded.found_by else store_order.found_by end,
        due_at = excluded.due_at,
        priority = excluded.priority
      returning store_hash as "storeHash"`.execute(db);
    const storeHashes = new Set(rows.map(({ storeHash }) => storeHash));
    await queue.wake('look-at-orders', [...storeHashes].sort(), { db });
  });
}
