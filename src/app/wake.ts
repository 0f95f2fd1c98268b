import type { AppDeps } from './deps.js';
import type { AddOptions, Queue } from './queue/queue.js';

/**
 * Has the orders of a store, or of several, looked at that something was heard of.
 *
 * @param options.runAt - When it is their turn. At once unless said otherwise.
 * @param options.keepsRunAt - Whether a turn that is waited for already keeps its time.
 * @param options.db - A transaction that what there is to do is part of.
 */
export function wakeLooks(
  queue: Queue,
  storeHashes: string | readonly string[],
  options?: AddOptions,
): Promise<void> {
  const jobs = [storeHashes].flat().map((storeHash) => ({
    payload: { storeHash },
    key: `look-at-orders:${storeHash}`,
  }));
  return queue.addEach('look-at-orders', jobs, options);
}

/** Has the events of a store, or of several, delivered that are due. With the options of {@link wakeLooks}. */
export function wakeDeliveries(
  queue: Queue,
  storeHashes: string | readonly string[],
  options?: AddOptions,
): Promise<void> {
  const jobs = [storeHashes].flat().map((storeHash) => ({
    payload: { storeHash },
    key: `deliver:${storeHash}`,
  }));
  return queue.addEach('deliver', jobs, options);
}

/**
 * Wakes every store with something that is overdue: whatever became of its job, what is in our tables gets done. Every minute.
 */
export async function wakeOverdue({ db, queue, now, timing }: AppDeps): Promise<void> {
  const before = new Date(now().getTime() - timing.overdueMs);
  const stores = db.selectFrom('store').select('store_hash').where('uninstalled_at', 'is', null);
  const [orders, events] = await Promise.all([
    stores
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('store_order')
            .select('order_id')
            .whereRef('store_order.store_hash', '=', 'store.store_hash')
            .where('due_at', '<', before),
        ),
      )
      .execute(),
    stores
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('event')
            .select('id')
            .whereRef('event.store_hash', '=', 'store.store_hash')
            .where('state', '=', 'waiting')
            .where('due_at', '<', before),
        ),
      )
      .execute(),
  ]);
  // One that waits for its time, as in a pause, goes on waiting.
  const keepsRunAt = true;
  await wakeLooks(queue, orders.map(hashOf), { keepsRunAt });
  await wakeDeliveries(queue, events.map(hashOf), { keepsRunAt });
}

const hashOf = ({ store_hash: storeHash }: { readonly store_hash: string }): string => storeHash;
