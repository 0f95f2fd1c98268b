import type { RewardChannelView, RewardConflict, RewardSaveBody } from '../../catalog/rewards-api.js';
import { AppError } from '../app-error.js';
import type { AppDeps, Database } from '../deps.js';
import { lockStore } from '../provision/lock-store.js';
import { lastFourOf, type Saver } from '../settings/save-settings.js';
import { giveUpOnOtherTerms } from './give-up-codes.js';
import { resumeRewards } from './resume-rewards.js';
import { rewardChannelViews } from './reward-channel-views.js';
import { rewardWebhookKeyPurpose } from './reward-settings.js';

/**
 * Saves what a merchant set for the rewards of a storefront. Rewards that wait are worked at again, Extole is asked at once for those that we
 * missed, and codes are made where some are to be kept ready; those that can be used more or less often than is wanted now are given up. All or
 * nothing: whatever is wrong, what was stored stays as it was.
 *
 * @returns What stands now; instead of it the conflict, when somebody else saved since.
 * @throws {AppError} 404 `CHANNEL_UNKNOWN` or `STORE_NOT_INSTALLED`, 409 `REWARDS_FOLLOW`
 */
export function saveRewardSettings(
  deps: AppDeps,
  saver: Saver,
  channelId: number,
  body: RewardSaveBody,
): Promise<RewardChannelView | RewardConflict> {
  const { config, db: database, queue } = deps;
  const { storeHash } = saver;
  return database.transaction().execute(async (db) => {
    await lockStore(db, storeHash);
    const current = requireOwner(await rewardChannelViews(config, db, storeHash), channelId);
    if (current.revision !== body.revision) return conflict(current);
    await write(deps, db, saver, channelId, body);
    await giveUpOnOtherTerms(deps, db, storeHash);
    // Before what only wakes: whoever writes to both does so to the tables first, and then to the queue.
    await resumeRewards(deps, db, storeHash, channelId);
    if (body.settings.isEnabled) {
      await queue.wake('poll-rewards', storeHash, { db });
      await queue.wake('refill-codes', storeHash, { db });
    }
    return requireOwner(await rewardChannelViews(config, db, storeHash), channelId);
  });
}

function requireOwner(views: readonly RewardChannelView[], channelId: number): RewardChannelView {
  const view = views.find((one) => one.channelId === channelId);
  if (!view) {
    throw new AppError(
      'CHANNEL_UNKNOWN',
      `the store has no storefront with the channel id ${channelId}.`,
      404,
    );
  }
  if (view.followsChannelId !== null) {
    throw new AppError(
      'REWARDS_FOLLOW',
      `storefront ${channelId} has the settings of storefront ${view.followsChannelId}, and so its rewards. Change them there.`,
      409,
    );
  }
  return view;
}

const conflict = (current: RewardChannelView): RewardConflict => ({
  code: 'SETTINGS_CHANGED',
  message: 'somebody else saved these settings meanwhile. Look at what stands now, and save again.',
  current,
});

async function write(
  { now, secrets }: AppDeps,
  db: Database,
  { storeHash, userId }: Saver,
  channelId: number,
  { revision, settings, webhookKey }: RewardSaveBody,
): Promise<void> {
  const savedAt = now();
  const key = webhookKey
    ? {
        sealed: secrets.seal(webhookKey, rewardWebhookKeyPurpose(storeHash, channelId)),
        lastFour: lastFourOf(webhookKey),
      }
    : null;
  const row = {
    settings: JSON.stringify(settings),
    revision: revision + 1,
    saved_at: savedAt,
    saved_by: userId,
    poll_at: settings.isEnabled ? savedAt : null,
    ...(webhookKey !== undefined && {
      webhook_key: key?.sealed ?? null,
      webhook_key_last_four: key?.lastFour ?? null,
      webhook_key_saved_at: key && savedAt,
    }),
  };
  await db
    .insertInto('reward_settings')
    .values({ store_hash: storeHash, channel_id: channelId, ...row })
    .onConflict((where) => where.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}
