import type { Selectable } from 'kysely';
import { DEFAULT_SETTINGS, type Settings } from '../../catalog/settings.js';
import type { ChannelSettingsTable } from '../database/tables.js';
import type { Database } from '../deps.js';

/** What counts for a storefront, its own or what another one has. Secrets are sealed. */
export interface EffectiveSettings {
  /** Whose they are: another storefront's where `sameAs` names one. What they are sealed for names this one. */
  readonly channelId: number;
  /** Whether anybody saved them; otherwise they are the defaults. */
  readonly isSaved: boolean;
  readonly settings: Settings;
  /** Opens for {@link accessTokenPurpose}. */
  readonly accessToken: Buffer | null;
  readonly verificationKey: {
    /** Opens for {@link verificationKeyPurpose}. */
    readonly key: Buffer;
    readonly keyId: string;
  } | null;
}

/** What Extole's access token of a storefront is sealed for. */
export const accessTokenPurpose = (storeHash: string, channelId: number): string =>
  `extole-token:${storeHash}:${channelId}`;

/** What the key that signs who a storefront's shoppers are is sealed for. */
export const verificationKeyPurpose = (storeHash: string, channelId: number): string =>
  `verification-key:${storeHash}:${channelId}`;

/** What counts for a storefront. Nothing but the defaults where nobody saved yet. */
export async function effectiveSettings(
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<EffectiveSettings> {
  return (await effectiveSettingsOfStore(db, storeHash))(channelId);
}

/** What counts for each storefront of a store, all as of one moment. */
export async function effectiveSettingsOfStore(
  db: Database,
  storeHash: string,
): Promise<(channelId: number) => EffectiveSettings> {
  const saved = await savedRows(db, storeHash);
  return (channelId) => effectiveIn(saved, channelId);
}

/** What counts for those storefronts of a store that Extole is told anything of, all as of one moment. */
export async function toldSettings(db: Database, storeHash: string): Promise<ReadonlyMap<number, Settings>> {
  const saved = await savedRows(db, storeHash);
  const told = new Map<number, Settings>();
  // One without a row of its own was saved by nobody.
  for (const channelId of saved.keys()) {
    const { isSaved, settings } = effectiveIn(saved, channelId);
    if (isSaved && settings.isEnabled) told.set(channelId, settings);
  }
  return told;
}

type SavedRows = ReadonlyMap<number, Selectable<ChannelSettingsTable>>;

async function savedRows(db: Database, storeHash: string): Promise<SavedRows> {
  const rows = await db
    .selectFrom('channel_settings')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .execute();
  return new Map(rows.map((row) => [row.channel_id, row]));
}

function effectiveIn(saved: SavedRows, channelId: number): EffectiveSettings {
  const owner = saved.get(channelId)?.same_as ?? channelId;
  return toEffective(owner, saved.get(owner));
}

function toEffective(
  channelId: number,
  row: Selectable<ChannelSettingsTable> | undefined,
): EffectiveSettings {
  if (!row) {
    return {
      channelId,
      isSaved: false,
      settings: DEFAULT_SETTINGS,
      accessToken: null,
      verificationKey: null,
    };
  }
  const { settings, access_token: accessToken, verification_key: key, verification_key_id: keyId } = row;
  return {
    channelId,
    isSaved: true,
    settings,
    accessToken,
    verificationKey: key && keyId ? { key, keyId } : null,
  };
}
