import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../catalog/rewards.js';
import type { Database } from '../deps.js';
import { effectiveSettings } from '../settings/settings.js';

/** What the client key that proves a storefront's reward webhooks is sealed for. */
export const rewardWebhookKeyPurpose = (storeHash: string, channelId: number): string =>
  `reward-webhook-key:${storeHash}:${channelId}`;

/**
 * What counts for the rewards of a storefront: what was saved for it or, where it follows another one, for that. Nothing but the defaults,
 * and so off, where nobody saved yet.
 */
export async function rewardSettingsOf(
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<RewardSettings> {
  const { channelId: owner } = await effectiveSettings(db, storeHash, channelId);
  return ownRewardSettings(db, storeHash, owner);
}

/** What was saved for the rewards of a storefront that follows no other one; the defaults where nobody saved yet. */
export async function ownRewardSettings(
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<RewardSettings> {
  const row = await db
    .selectFrom('reward_settings')
    .select('settings')
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .executeTakeFirst();
  return row?.settings ?? DEFAULT_REWARD_SETTINGS;
}
