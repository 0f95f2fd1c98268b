import type { ChannelView, SecretView } from '../../catalog/admin-api.js';
import { DEFAULT_SETTINGS } from '../../catalog/settings.js';
import type { AppConfig } from '../config.js';
import type { Database } from '../deps.js';

/** The storefronts of a store as its settings page sees them, the default one first. Of secrets no more than the end. */
export async function channelViews(
  config: AppConfig,
  db: Database,
  storeHash: string,
): Promise<ChannelView[]> {
  const rows = await db
    .selectFrom('channel')
    .leftJoin('channel_settings as saved', (join) =>
      join
        .onRef('saved.store_hash', '=', 'channel.store_hash')
        .onRef('saved.channel_id', '=', 'channel.channel_id'),
    )
    .leftJoin('store_user', (join) =>
      join
        .onRef('store_user.store_hash', '=', 'saved.store_hash')
        .onRef('store_user.user_id', '=', 'saved.saved_by'),
    )
    .where('channel.store_hash', '=', storeHash)
    .orderBy('channel.position')
    .select([
      'channel.channel_id',
      'channel.name',
      'channel.platform',
      'channel.url',
      'saved.same_as',
      'saved.settings',
      'saved.revision',
      'saved.saved_at',
      'saved.access_token_last_four',
      'saved.access_token_saved_at',
      'saved.verification_key_id',
      'saved.verification_key_last_four',
      'saved.verification_key_saved_at',
      'store_user.email',
    ])
    .execute();
  return rows.map((row): ChannelView => {
    const key = secretView(row.verification_key_last_four, row.verification_key_saved_at);
    return {
      channelId: row.channel_id,
      name: row.name,
      platform: row.platform,
      url: row.url,
      pageBuilderUrl: row.platform === 'catalyst' ? null : pageBuilderUrl(config, storeHash, row.channel_id),
      sameAs: row.same_as,
      settings: row.settings ?? DEFAULT_SETTINGS,
      accessToken: secretView(row.access_token_last_four, row.access_token_saved_at),
      verificationKey: key && row.verification_key_id ? { ...key, keyId: row.verification_key_id } : null,
      revision: row.revision ?? 0,
      savedAt: row.saved_at?.toISOString() ?? null,
      savedBy: row.email,
    };
  });
}

/** What the page is told of a secret; `null` where there is none. */
export function secretView(lastFour: string | null, savedAt: Date | null): SecretView | null {
  return lastFour && savedAt ? { lastFour, savedAt: savedAt.toISOString() } : null;
}

/** Source: Cornerstone 6.21, assets/js/theme/global/adminBar.js, its link to Page Builder. */
function pageBuilderUrl({ controlPanelUrl }: AppConfig, storeHash: string, channelId: number): string {
  return `${controlPanelUrl.replace('{storeHash}', storeHash)}/manage/page-builder?channelId=${channelId}`;
}
