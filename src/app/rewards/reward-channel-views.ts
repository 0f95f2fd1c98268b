import type { Selectable } from 'kysely';
import { DEFAULT_REWARD_SETTINGS } from '../../catalog/rewards.js';
import type { RewardChannelView } from '../../catalog/rewards-api.js';
import { maskEmails } from '../activity/mask-person.js';
import type { AppConfig } from '../config.js';
import type { RewardSettingsTable } from '../database/tables.js';
import type { Database } from '../deps.js';
import { failureIn } from '../provision/failure.js';
import { secretView } from '../settings/channel-views.js';
import { effectiveSettingsOfStore } from '../settings/settings.js';

/**
 * The rewards of each storefront of a store, the default one first. One that follows another is shown with what counts for it, which is the
 * other's. Of the client key no more than its end.
 */
export async function rewardChannelViews(
  { appUrl }: Pick<AppConfig, 'appUrl'>,
  db: Database,
  storeHash: string,
): Promise<RewardChannelView[]> {
  const channels = await db
    .selectFrom('channel')
    .select('channel_id')
    .where('store_hash', '=', storeHash)
    .orderBy('position')
    .execute();
  const saved = await savedRows(db, storeHash);
  const effective = await effectiveSettingsOfStore(db, storeHash);
  return channels.map(({ channel_id: channelId }): RewardChannelView => {
    const { channelId: owner, accessToken, settings } = effective(channelId);
    const row = saved.get(owner);
    const failure = row && failureIn(row);
    return {
      channelId,
      followsChannelId: owner === channelId ? null : owner,
      webhookUrl: `${appUrl}/webhooks/extole/${storeHash}/${owner}`,
      settings: row?.settings ?? DEFAULT_REWARD_SETTINGS,
      isStorefrontEnabled: settings.isEnabled,
      webhookKey: row ? secretView(row.webhook_key_last_four, row.webhook_key_saved_at) : null,
      hasAccessToken: accessToken !== null,
      revision: row?.revision ?? 0,
      savedAt: row?.saved_at.toISOString() ?? null,
      savedBy: row?.email ?? null,
      webhookAt: row?.webhook_at?.toISOString() ?? null,
      polledAt: row?.polled_at?.toISOString() ?? null,
      // Whoever refused it may have quoted something.
      pollFailure: failure ? { ...failure, message: maskEmails(failure.message) } : null,
    };
  });
}

type SavedRow = Selectable<RewardSettingsTable> & { readonly email: string | null };

async function savedRows(db: Database, storeHash: string): Promise<ReadonlyMap<number, SavedRow>> {
  const rows = await db
    .selectFrom('reward_settings as saved')
    .leftJoin('store_user', (join) =>
      join
        .onRef('store_user.store_hash', '=', 'saved.store_hash')
        .onRef('store_user.user_id', '=', 'saved.saved_by'),
    )
    .selectAll('saved')
    .select('store_user.email')
    .where('saved.store_hash', '=', storeHash)
    .execute();
  return new Map(rows.map((row) => [row.channel_id, row]));
}
