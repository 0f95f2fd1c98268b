import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseEye } from '../database-eye.js';
import type { BigCommerceSide } from './bigcommerce-side.js';
import { MIN_READY } from './rewards/reward-stores.js';
import type { RewardsSide } from './rewards/rewards-side.js';
import { TIMING } from './timing.js';

/** Where something may be left to be done. */
export interface Places {
  readonly eye: DatabaseEye;
  readonly bigcommerce: Pick<BigCommerceSide, 'waitingWebhooks'>;
  readonly rewards: Pick<RewardsSide, 'pools' | 'waitingWebhooks'>;
}

/** Settles when nothing is left to be done, and the app has looked for what nobody told of. */
export async function untilQuiet(places: Places, signal: AbortSignal): Promise<void> {
  // A look that began before all was over may end after it, and the one after that began after it.
  for (let looks = 0; looks < 2; looks += 1) {
    const endedAt = new Date();
    const changedLast = new Date(endedAt.getTime() + TIMING.sweepLagMs);
    while (!signal.aborted && (await whatIsLeft(places, changedLast, endedAt)) !== undefined)
      await pause(200);
  }
}

/**
 * What is still to be done, in words; `undefined`: nothing.
 *
 * @param sweptTo - How far stores have to be swept for orders.
 * @param polledAt - Since when Extole has to have been asked for rewards.
 */
export async function whatIsLeft(
  { eye, bigcommerce, rewards }: Places,
  sweptTo: Date,
  polledAt: Date,
): Promise<string | undefined> {
  const [left] =
    (await eye.ask<Record<string, string>>(
      `select
        (select count(*) from store_order where due_at is not null) as "orders to look at",
        (select count(*) from event where state = 'waiting') as "events to deliver",
        (select count(*) from event where state not in ('waiting', 'delivered')) as "events given up",
        (select count(*) from order_sweep where swept_to < $1) as "stores to sweep",
        (select count(*) from reward where due_at is not null) as "rewards to work at",
        (select count(*) from coupon_code where check_at is not null) as "codes to check",
        (select count(*) from coupon_code where state = 'asked') as "codes to make",
        (select count(*) from code_batch) as "batches of codes to find",
        (select count(*) from reward_settings where polled_at is null or polled_at < $2) as "accounts to poll",
        (select count(*) from unnest($3::text[], $4::bigint[]) as pool (store_hash, promotion_id)
          where $5 >= 2 * (select count(*) from coupon_code as code
            where code.store_hash = pool.store_hash and code.promotion_id = pool.promotion_id
              and state = 'made' and reward_id is null)) as "promotions with too few codes kept ready"`,
      [
        sweptTo,
        polledAt,
        rewards.pools().map(({ storeHash }) => storeHash),
        rewards.pools().map(({ promotionId }) => promotionId),
        MIN_READY,
      ],
    )) ?? [];
  if (!left) return 'a database that does not answer';
  const what = [
    ...Object.entries(left).map(([name, count]) => [Number(count), name] as const),
    [bigcommerce.waitingWebhooks() + rewards.waitingWebhooks(), 'webhooks to send'] as const,
  ];
  const words = what.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return words.length > 0 ? words.join(', ') : undefined;
}
