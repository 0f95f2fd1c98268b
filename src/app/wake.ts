import type { AppDeps } from './deps.js';

/**
 * Wakes every store with something that is overdue: whatever became of its job, what is in our tables gets done. Every minute.
 */
export async function wakeOverdue({
  db,
  queue,
  now,
  timing,
}: Pick<AppDeps, 'db' | 'queue' | 'now' | 'timing'>): Promise<void> {
  const before = new Date(now().getTime() - timing.overdueMs);
  const stores = db.selectFrom('store').select('store_hash').where('uninstalled_at', 'is', null);
  const [orders, events, rewards] = await Promise.all([
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
    stores
      .where(({ exists, or, selectFrom }) =>
        or([
          exists(
            selectFrom('reward')
              .select('reward_id')
              .whereRef('reward.store_hash', '=', 'store.store_hash')
              .where('due_at', '<', before),
          ),
          exists(
            selectFrom('coupon_code')
              .select('id')
              .whereRef('coupon_code.store_hash', '=', 'store.store_hash')
              .where('check_at', '<', before),
          ),
        ]),
      )
      .execute(),
  ]);
  // One that waits for its time, as in a pause, goes on waiting.
  const keepsRunAt = true;
  await queue.wake('look-at-orders', orders.map(hashOf), { keepsRunAt });
  await queue.wake('deliver', events.map(hashOf), { keepsRunAt });
  await queue.wake('fulfill-rewards', rewards.map(hashOf), { keepsRunAt });
}

const hashOf = ({ store_hash: storeHash }: { readonly store_hash: string }): string => storeHash;
