import { sql } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { TokenOwner } from '../deliveries/pauses.js';
import type { AppDeps, Database } from '../deps.js';
import { openAccessToken } from '../extole/access-token.js';
import { effectiveSettings } from '../settings/settings.js';
import { nextRewardAt, type RewardQueue } from './claim-reward.js';
import { putOffByChoice } from './put-off.js';
import { type RewardFailure, STOREFRONT_OFF } from './reward-failures.js';
import { ownRewardSettings } from './reward-settings.js';

/** What the rewards of a storefront's Extole account are worked at with. */
export interface RewardLane extends RewardQueue {
  readonly settings: RewardSettings;
  readonly owner: TokenOwner;
  /** Told to Extole and to nobody else. */
  readonly token: string;
}

/** A lane, or when to look again whether there is one; `undefined`: when something new is heard. */
export type RewardLaneOrTime = { readonly lane: RewardLane } | { readonly opensAt: Date | undefined };

type Deps = Pick<AppDeps, 'db' | 'log' | 'now' | 'secrets' | 'timing'>;

/**
 * The ways of all rewards of a store that wait. There is none for now where rewards or the storefront are switched off, and where there is no token:
 * saving settings opens it.
 */
export async function rewardLanes(deps: Deps, storeHash: string): Promise<RewardLaneOrTime[]> {
  // Without such settings nothing was ever heard of a reward.
  const channels = await deps.db
    .selectFrom('reward_settings')
    .select('channel_id')
    .where('store_hash', '=', storeHash)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('reward')
          .select(sql`true`.as('waits'))
          .whereRef('reward.store_hash', '=', 'reward_settings.store_hash')
          .whereRef('reward.channel_id', '=', 'reward_settings.channel_id')
          .where('due_at', 'is not', null),
      ),
    )
    .execute();
  return Promise.all(channels.map(({ channel_id: channelId }) => laneOf(deps, { storeHash, channelId })));
}

async function laneOf(deps: Deps, queue: RewardQueue): Promise<RewardLaneOrTime> {
  const { db, now, timing } = deps;
  const found = await look(deps, db, queue);
  if ('lane' in found) return found;
  const whyIn = async (transaction: Database) => {
    const again = await look(deps, transaction, queue);
    return 'lane' in again ? undefined : again.why;
  };
  await putOffByChoice(deps, queue, whyIn, new Date(now().getTime() + timing.tokenPauseMs));
  return { opensAt: await nextRewardAt(db, queue) };
}

/** A lane, or why there is none; `null`: because rewards are switched off. */
async function look(
  deps: Deps,
  db: Database,
  queue: RewardQueue,
): Promise<{ readonly lane: RewardLane } | { readonly why: RewardFailure | null }> {
  const { storeHash, channelId } = queue;
  const effective = await effectiveSettings(db, storeHash, channelId);
  const settings = await ownRewardSettings(db, storeHash, effective.channelId);
  if (!settings.isEnabled) return { why: null };
  if (!effective.isSaved || !effective.settings.isEnabled) return { why: STOREFRONT_OFF };
  const opened = openAccessToken(deps, storeHash, effective);
  if ('failure' in opened) return { why: opened.failure };
  const owner: TokenOwner = {
    storeHash,
    channelId: effective.channelId,
    sealedToken: effective.accessToken,
  };
  return { lane: { ...queue, settings, owner, token: opened.token } };
}
