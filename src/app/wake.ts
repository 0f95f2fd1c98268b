import type { AppDeps, Database } from './deps.js';
import type { Queue } from './queue/queue.js';

/** When a store has its turn. At once unless said otherwise. */
export interface WakeOptions {
  /** A transaction that what there is to do is part of. */
  readonly db?: Database;
  readonly runAt?: Date;
  /** Whether a turn that is waited for already keeps its time. */
  readonly keepsRunAt?: boolean;
}

/** Has a store's orders looked at that something was heard of. */
export function wakeLooks(queue: Queue, storeHash: string, options: WakeOptions = {}): Promise<void> {
  return queue.add('look-at-orders', { storeHash }, { key: `look-at-orders:${storeHash}`, ...options });
}

/** Has a store's events delivered that are due. */
export function wakeDeliveries(queue: Queue, storeHash: string, options: WakeOptions = {}): Promise<void> {
  return queue.add('deliver', { storeHash }, { key: `deliver:${storeHash}`, ...options });
}

/**
 * Wakes every store with something that is overdue: whatever became of its job, what is in our tables gets done. Every minute.
 */
export async function wakeOverdue({ db, queue, now, timing }: AppDeps): Promise<void> {
  const before = new Date(now().getTime() - timing.overdueMs);
  const [orders, events] = await Promise.all([
    db.selectFrom('store_order').select('store_hash').distinct().where('due_at', '<', before).execute(),
    db
      .selectFrom('event')
      .select('store_hash')
      .distinct()
      .where('state', '=', 'waiting')
      .where('due_at', '<', before)
      .execute(),
  ]);
  // One that waits for its time, as in a pause, goes on waiting.
  const keepsRunAt = true;
  for (const { store_hash: storeHash } of orders) await wakeLooks(queue, storeHash, { keepsRunAt });
  for (const { store_hash: storeHash } of events) await wakeDeliveries(queue, storeHash, { keepsRunAt });
}
