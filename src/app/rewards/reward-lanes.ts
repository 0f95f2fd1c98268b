import { sql } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { AppDeps } from '../deps.js';
import { openAccessToken } from '../extole/access-token.js';
import { effectiveSettings } from '../settings/settings.js';
import type { RewardQueue } from './claim-reward.js';
import { putOffLane, type TokenOwner } from './put-off.js';
import { rewardSettingsOf } from './reward-settings.js';

/** What the rewards of a storefront's Extole account are worked at with. */
export interface RewardLane extends RewardQueue {
  readonly settings: RewardSettings;
  readonly owner: TokenOwner;
  /** Told to Extole and to nobody else. */
  readonly token: string;
}

/** A lane, or when to look again whether there is one. */
export type RewardLaneOrTime = { readonly lane: RewardLane } | { readonly opensAt: Date };

type Deps = Pick<AppDeps, 'db' | 'log' | 'now' | 'secrets' | 'timing'>;

/**
 * The ways of all rewards of a store that wait. There is none for now where rewards or the storefront are switched off, and where there is no token:
 * saving settings opens it.
 */
export async function rewardLanes(deps: Deps, storeHash: string): Promise<RewardLaneOrTime[]> {
  // Without settings nothing was ever heard of a reward.
  const channels = await deps.db
    .selectFrom('channel_settings')
    .select('channel_id')
    .where('store_hash', '=', storeHash)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('reward')
          .select(sql`true`.as('waits'))
          .whereRef('reward.store_hash', '=', 'channel_settings.store_hash')
          .whereRef('reward.channel_id', '=', 'channel_settings.channel_id')
          .where('due_at', 'is not', null),
      ),
    )
    .execute();
  return Promise.all(channels.map(({ channel_id: channelId }) => laneOf(deps, { storeHash, channelId })));
}

async function laneOf(deps: Deps, queue: RewardQueue): Promise<RewardLaneOrTime> {
  const { db, now, timing } = deps;
  const { storeHash, channelId } = queue;
  const effective = await effectiveSettings(db, storeHash, channelId);
  const settings = await rewardSettingsOf(db, storeHash, channelId);
  const opensAt = new Date(now().getTime() + timing.tokenPauseMs);
  if (!effective.settings.isEnabled || !settings.isEnabled) return { opensAt };
  const owner: TokenOwner = { channelId: effective.channelId, sealedToken: effective.accessToken };
  const opened = openAccessToken(deps, storeHash, effective);
  if ('token' in opened) return { lane: { ...queue, settings, owner, token: opened.token } };
  await putOffLane(deps, queue, owner, opened.failure, opensAt);
  return { opensAt };
}
