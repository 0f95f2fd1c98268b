import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { JobView, NoteName, StatusAnswer } from '../../catalog/admin-api.js';
import type { Settings } from '../../catalog/settings.js';

type Time = ColumnType<Date, Date, Date>;
type Json<T extends object> = JSONColumnType<T, string, string>;

/** A store that installed the app, or did until lately. */
export interface StoreTable {
  store_hash: string;
  name: string;
  /** Sealed; erased at uninstall. */
  access_token: Buffer | null;
  scope: string;
  /** When BigCommerce last refused the token; `null` while it takes it. */
  token_refused_at: Time | null;
  /** What our webhooks have to carry. Sealed; erased at uninstall. */
  webhook_secret: Buffer | null;
  /** This store's own labels of order statuses: `[{ id, label }]`. */
  order_statuses: Json<{ id: number; label: string }[]>;
  /** Which SDK its scripts load, as far as we put them there; `null` where none of ours are. */
  published_sdk_url: string | null;
  installed_at: Time;
  /** Since when it is gone; its settings are kept for 30 days. */
  uninstalled_at: Time | null;
}

/** A user of the control panel who may open the app. */
export interface StoreUserTable {
  store_hash: string;
  /** BigCommerce's id. */
  user_id: number;
  email: string;
}

/** A storefront, as BigCommerce last told of it. */
export interface ChannelTable {
  store_hash: string;
  channel_id: number;
  name: string;
  platform: 'bigcommerce' | 'catalyst';
  url: string | null;
  /** The order in which BigCommerce lists them; the default comes first. */
  position: number;
}

/** What a merchant set for a storefront. There is no row before the first save. */
export interface ChannelSettingsTable {
  store_hash: string;
  channel_id: number;
  same_as: number | null;
  settings: Json<Settings>;
  revision: number;
  saved_at: Time;
  saved_by: number;
  /** Extole's. Sealed; erased at uninstall. */
  access_token: Buffer | null;
  access_token_last_four: string | null;
  access_token_saved_at: Time | null;
  verification_key: Buffer | null;
  verification_key_id: string | null;
  verification_key_last_four: string | null;
  verification_key_saved_at: Time | null;
}

/** What the page keeps for a user. It goes with the user. */
export interface NoteTable {
  store_hash: string;
  user_id: number;
  channel_id: number;
  name: NoteName;
  content: ColumnType<unknown, string, string>;
}

/** A piece of work in a store, as the page shows it. */
export interface JobTable {
  /** A random UUID: the order of jobs is that of `created_at`. */
  id: Generated<string>;
  store_hash: string;
  kind: JobView['kind'];
  state: JobView['state'];
  steps: Json<JobView['steps'][number][]>;
  failure_code: string | null;
  failure_message: string | null;
  created_at: Time;
  finished_at: Time | null;
}

/** What a store looked like when it was last looked at. */
export interface StoreLookTable {
  store_hash: string;
  /** `null`: it could not be looked at yet. */
  looked_at: Time | null;
  differences: Json<StatusAnswer['differences'][number][]>;
  notices: Json<StatusAnswer['notices'][number][]>;
  webhooks: Json<StatusAnswer['webhooks'][number][]>;
  failure_code: string | null;
  failure_message: string | null;
}

/** A JWT of BigCommerce's that was used, so that nobody uses it again. */
export interface UsedJwtTable {
  /** SHA-256 of its `jti` or, without one, of the whole. */
  jwt_hash: Buffer;
  expires_at: Time;
}

/** A file of the storefront SDK, of this version or an earlier one. Never changes. */
export interface SdkFileTable {
  version: string;
  name: string;
  content: Buffer;
  brotli: Buffer;
  gzip: Buffer;
  added_at: Time;
}

/** The tables of the app. The queue has a schema of its own. */
export interface Tables {
  store: StoreTable;
  store_user: StoreUserTable;
  channel: ChannelTable;
  channel_settings: ChannelSettingsTable;
  note: NoteTable;
  job: JobTable;
  store_look: StoreLookTable;
  used_jwt: UsedJwtTable;
  sdk_file: SdkFileTable;
}
