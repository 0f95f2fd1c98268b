import type { RewardState, RewardsAnswer } from '../../catalog/rewards-api.js';
import type { AppDeps, Database } from '../deps.js';
import { rewardChannelViews } from './reward-channel-views.js';

/** What promotions and their codes are behind. Source: BigCommerce, "API Accounts". */
const PROMOTION_SCOPE = 'store_v2_marketing';

/** How things stand with a store's rewards, all as of one moment. */
export function rewardSummary(
  { config, db: database }: Pick<AppDeps, 'config' | 'db'>,
  storeHash: string,
): Promise<RewardsAnswer> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      const { counts, oldestWaitingAt } = await countRewards(db, storeHash);
      return {
        channels: await rewardChannelViews(config, db, storeHash),
        counts,
        oldestWaitingAt,
        hasPromotionScope: await hasPromotionScope(db, storeHash),
      };
    });
}

async function countRewards(
  db: Database,
  storeHash: string,
): Promise<Pick<RewardsAnswer, 'counts' | 'oldestWaitingAt'>> {
  const rows = await db
    .selectFrom('reward')
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('count'),
      fn.min<Date>('created_at').as('oldest_at'),
    ])
    .where('store_hash', '=', storeHash)
    .groupBy('state')
    .execute();
  const counts: Record<RewardState, number> = {
    waiting: 0,
    fulfilled: 0,
    failed: 0,
    canceled: 0,
    ignored: 0,
  };
  for (const { state, count } of rows) counts[state] = count;
  const oldestAt = rows.find(({ state }) => state === 'waiting')?.oldest_at;
  return { counts, oldestWaitingAt: oldestAt?.toISOString() ?? null };
}

async function hasPromotionScope(db: Database, storeHash: string): Promise<boolean> {
  const { scope } = await db
    .selectFrom('store')
    .select('scope')
    .where('store_hash', '=', storeHash)
    .executeTakeFirstOrThrow();
  return scope.split(' ').includes(PROMOTION_SCOPE);
}
