import { sql } from 'kysely';
import {
  isSwitchedOff,
  type RewardChannelView,
  type RewardState,
  type RewardsAnswer,
} from '../../catalog/rewards-api.js';
import type { AppDeps, Database } from '../deps.js';
import { missingScopes, NEEDED_SCOPES } from '../install/scopes.js';
import { rewardChannelViews } from './reward-channel-views.js';

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
      const channels = await rewardChannelViews(config, db, storeHash);
      return {
        channels,
        ...(await countRewards(db, storeHash, channels)),
        hasPromotionScope: await hasPromotionScope(db, storeHash),
      };
    });
}

async function countRewards(
  db: Database,
  storeHash: string,
  channels: readonly RewardChannelView[],
): Promise<Pick<RewardsAnswer, 'counts' | 'waitingForSwitch' | 'unknownSupplier' | 'oldestWaitingAt'>> {
  const isUnknownSupplier = sql<boolean>`coalesce(failure_code = 'REWARD_SUPPLIER_UNKNOWN', false)`;
  const rows = await db
    .selectFrom('reward')
    .select(({ fn }) => [
      'state',
      'channel_id',
      isUnknownSupplier.as('is_unknown_supplier'),
      fn.countAll<number>().as('count'),
    ])
    .where('store_hash', '=', storeHash)
    .groupBy(['state', 'channel_id', isUnknownSupplier])
    .execute();
  const counts: Record<RewardState, number> = {
    waiting: 0,
    fulfilled: 0,
    failed: 0,
    canceled: 0,
    ignored: 0,
  };
  for (const { state, count } of rows) counts[state] += count;
  const switchedOff = channels.flatMap((channel) => (isSwitchedOff(channel) ? channel.channelId : []));
  const waiting = rows.filter(({ state }) => state === 'waiting');
  const atWork = waiting.filter(({ channel_id: channelId }) => !switchedOff.includes(channelId));
  // Apart from the counts, which an index has without it.
  const oldest = await db
    .selectFrom('reward')
    .select('created_at')
    .where('store_hash', '=', storeHash)
    .where('state', '=', 'waiting')
    .where('channel_id', '<>', sql<number>`all(${switchedOff}::bigint[])`)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return {
    counts,
    waitingForSwitch: counts.waiting - total(atWork),
    unknownSupplier: total(rows.filter((row) => row.state === 'ignored' && row.is_unknown_supplier)),
    oldestWaitingAt: oldest?.created_at.toISOString() ?? null,
  };
}

const total = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((sum, { count }) => sum + count, 0);

async function hasPromotionScope(db: Database, storeHash: string): Promise<boolean> {
  const { scope } = await db
    .selectFrom('store')
    .select('scope')
    .where('store_hash', '=', storeHash)
    .executeTakeFirstOrThrow();
  return !missingScopes(scope).includes(NEEDED_SCOPES.store_v2_marketing);
}
