import { randomBytes } from 'node:crypto';
import type { OpenDatabase } from '../../../../src/app/database/database.js';
import { rewardWebhookKeyPurpose } from '../../../../src/app/rewards/reward-settings.js';
import type { SecretBox } from '../../../../src/app/secret-box.js';
import type { RewardSettings } from '../../../../src/catalog/rewards.js';

/** The storefront of each store whose Extole account it is. */
const OWNER = 1;

/**
 * Writes what there is of a store whose merchant set up rewards.
 *
 * @returns The client key of its webhook.
 */
export async function installRewards(
  { db }: Pick<OpenDatabase, 'db'>,
  secrets: SecretBox,
  storeHash: string,
  settings: RewardSettings,
  now: Date,
): Promise<string> {
  const key = randomBytes(32).toString('hex');
  await db
    .insertInto('reward_settings')
    .values({
      store_hash: storeHash,
      channel_id: OWNER,
      settings: JSON.stringify(settings),
      revision: 1,
      saved_at: now,
      saved_by: 1,
      webhook_key: secrets.seal(key, rewardWebhookKeyPurpose(storeHash, OWNER)),
      poll_at: now,
    })
    .execute();
  return key;
}
