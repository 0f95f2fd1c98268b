import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type {
  AttemptView,
  ErasureView,
  EventKind,
  EventState,
  ImportView,
  PauseView,
} from '../../catalog/activity-api.js';
import type { JobView, NoteName, StatusAnswer } from '../../catalog/admin-api.js';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { CodeState, RewardState } from '../../catalog/rewards-api.js';
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

/** An order of a store, as far as we know it: that there is something to look at, and what was last seen. */
export interface StoreOrderTable {
  store_hash: string;
  order_id: number;
  /** `null` until it was looked at. */
  channel_id: number | null;
  /** How often we heard of it. What is heard while it is looked at has it looked at again. */
  heard_count: Generated<number>;
  heard_at: Time;
  /** What told of it last, when there was nothing to look at. */
  found_by: FoundBy;
  /** When it is looked at (again); `null`: when something new is heard. */
  due_at: Time | null;
  /** 0 before 1: imports let the present pass. */
  priority: Generated<number>;
  /** How many looks failed in a row, and why the last one did. */
  failed_looks: Generated<number>;
  failure_code: string | null;
  failure_message: string | null;
  looked_at: Time | null;
  status_id: number | null;
  /** BigCommerce's `date_modified`. */
  modified_at: Time | null;
  /** What came of the last look. */
  outcome: OrderOutcome | null;
}

export type FoundBy = 'webhook' | 'sweep' | 'import';

/**
 * `told`: there are events of it. `not-yet`: none of its statuses so far counts. `before-start`: it was placed before we began.
 * `channel-off`: its storefront tells Extole nothing. `gone`: BigCommerce has it no more. `archived`: before it counted.
 */
export type OrderOutcome = 'told' | 'not-yet' | 'before-start' | 'channel-off' | 'gone' | 'archived';

/** An event: something for Extole to know, and how far it is on its way. */
export interface EventTable {
  /** A UUID. */
  id: Generated<string>;
  /** Grows from event to event of an order. */
  sequence: Generated<number>;
  store_hash: string;
  /** The order's own, whoever's settings count for it. */
  channel_id: number;
  /** `null` for a test. */
  order_id: number | null;
  kind: EventKind;
  /** BigCommerce's id of the refund; 0 for other kinds and for a refund that BigCommerce does not list. */
  refund_id: Generated<number>;
  name: string;
  occurred_at: Time;
  created_at: Time;
  /** What is sent as `data`, key by key as it was made; `null` once forgotten. */
  data: ColumnType<Record<string, unknown> | null, string | null, string | null>;
  /** Whose it is, to find it for an erasure; both `null` once forgotten. */
  customer_id: number | null;
  /** {@link emailHash} */
  email_hash: Buffer | null;
  state: EventState;
  priority: Generated<number>;
  /** While it waits: when it is tried next. While it is tried: when others may take over. Otherwise `null`. */
  due_at: Time | null;
  attempt_count: Generated<number>;
  /** Since when every attempt failed; `null` before the first, and after a replay. */
  failing_since: Time | null;
  /** Of the last attempt. */
  failure_code: string | null;
  failure_message: string | null;
  delivered_at: Time | null;
  extole_event_id: string | null;
}

/** A try to deliver an event. */
export interface AttemptTable {
  event_id: string;
  /** From 1. */
  number: number;
  started_at: Time;
  /** `null` as long as it is under way, or for ever where its process ended. */
  duration_ms: number | null;
  status: number | null;
  outcome: AttemptView['outcome'];
  failure_code: string | null;
  failure_message: string | null;
}

/** Why and until when nothing is delivered with a storefront's token. */
export interface DeliveryPauseTable {
  store_hash: string;
  /** Whose settings have the token. */
  channel_id: number;
  reason: PauseView['reason'];
  since: Time;
  until: Time;
  failure_code: string;
  failure_message: string;
}

/** How far the search for orders that no webhook told of has come in a store. */
export interface OrderSweepTable {
  store_hash: string;
  /** Orders that were placed before are none of ours. */
  orders_since: Time;
  /** All that changed before is known. */
  swept_to: Time;
  /** Until when it is swept at the moment; `null` between sweeps. */
  sweeping_to: Time | null;
  /** All orders with a smaller id are through, of those that changed until {@link sweeping_to}. */
  next_order_id: Generated<number>;
  swept_at: Time | null;
  last_found: Generated<number>;
  total_found: Generated<number>;
  /** When it was last seen that the webhooks take events. */
  hooks_checked_at: Time | null;
}

/** A merchant's request for orders from before the app was installed. */
export interface OrderImportTable {
  /** A UUID. */
  id: Generated<string>;
  store_hash: string;
  since: Time;
  state: ImportView['state'];
  /** All orders with a smaller id are found. */
  next_order_id: Generated<number>;
  found: Generated<number>;
  failure_code: string | null;
  failure_message: string | null;
  asked_by: number;
  created_at: Time;
  finished_at: Time | null;
}

/** A webhook that BigCommerce had switched off, and that we woke up. */
export interface WokenWebhookTable {
  store_hash: string;
  scope: string;
  woken_at: Time;
}

/** The record of an erasure; whose is not in it. */
export interface ErasureTable {
  /** A UUID. */
  id: Generated<string>;
  store_hash: string;
  asked_by: number;
  erased_by: ErasureView['by'];
  erased_at: Time;
  events: number;
}

/** What a merchant set for rewards, beside a storefront's settings. There is no row before the first save. */
export interface RewardSettingsTable {
  store_hash: string;
  /** The storefront whose Extole account it is: never one that follows another. */
  channel_id: number;
  settings: Json<RewardSettings>;
  revision: number;
  saved_at: Time;
  saved_by: number;
  /** What reward webhooks are proven with. Sealed; erased at uninstall. */
  webhook_key: Buffer | null;
  webhook_key_last_four: string | null;
  webhook_key_saved_at: Time | null;
  /** When the last reward webhook came that was Extole's. */
  webhook_at: Time | null;
  /** When Extole is asked next for rewards that we missed; `null`: not. */
  poll_at: Time | null;
  polled_at: Time | null;
  /** How far the lists of earned rewards and of those that were taken back are gone through; 0: from their beginning on. */
  earned_offset: Generated<number>;
  taken_back_offset: Generated<number>;
  /** Why the last time failed. */
  failure_code: string | null;
  failure_message: string | null;
}

/** A reward of Extole's, and how far it is on its way. Whose it is, is not in it. */
export interface RewardTable {
  store_hash: string;
  /** Extole's. */
  reward_id: string;
  /** The storefront whose Extole account it is. */
  channel_id: number;
  /** How often we heard of it. What is heard while it is worked at has it worked at again. */
  heard_count: Generated<number>;
  heard_at: Time;
  created_at: Time;
  found_by: 'webhook' | 'poll';
  state: RewardState;
  /** Whether the merchant asked for it again, and nothing has come of it yet. */
  is_replay: Generated<boolean>;
  /** As Extole told it last; `null` until it was asked. */
  supplier_id: string | null;
  promotion_id: number | null;
  /** When it is worked at (again); while it is, when others may take over. `null`: when something new is heard. */
  due_at: Time | null;
  /** How many tries there were, and since when each of them failed. */
  attempt_count: Generated<number>;
  failing_since: Time | null;
  failure_code: string | null;
  failure_message: string | null;
  fulfilled_at: Time | null;
}

/**
 * A coupon code of ours, from before BigCommerce is asked for it. A reward has one at most that is not deleted. Without a reward it is one that is
 * kept ready.
 */
export interface CouponCodeTable {
  /** A UUID. */
  id: Generated<string>;
  store_hash: string;
  channel_id: number;
  promotion_id: number;
  /** `null`: BigCommerce draws it, and has not told it yet. */
  code: string | null;
  /** What it is found by: the code, or what it begins with where BigCommerce draws the rest. No other code of the store has it. */
  marker: string;
  state: CodeState;
  reward_id: string | null;
  /** BigCommerce's id of the code, where it told one. */
  bigcommerce_id: number | null;
  created_at: Time;
  /** How often BigCommerce was asked for it. From the second time on one that is there already is this one. */
  asked_count: Generated<number>;
  /** How often it may be used, in all and by one customer, of one that was made to be kept ready. */
  max_uses: number | null;
  max_uses_per_customer: number | null;
  /** When BigCommerce is looked through for more codes with the marker than this one, since an answer was lost. */
  check_at: Time | null;
  made_at: Time | null;
  /** When a reward got it. */
  given_at: Time | null;
  deleted_at: Time | null;
}

/** A number of codes to keep ready, from before BigCommerce is asked for them. Gone once all of them are codes of ours. */
export interface CodeBatchTable {
  /** A UUID. */
  id: Generated<string>;
  store_hash: string;
  channel_id: number;
  promotion_id: number;
  /** What each of its codes begins with, and no other code of the store. */
  marker: string;
  size: number;
  /** Of each of its codes. */
  max_uses: number;
  max_uses_per_customer: number;
  created_at: Time;
  asked_count: Generated<number>;
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
  store_order: StoreOrderTable;
  event: EventTable;
  attempt: AttemptTable;
  delivery_pause: DeliveryPauseTable;
  order_sweep: OrderSweepTable;
  order_import: OrderImportTable;
  woken_webhook: WokenWebhookTable;
  erasure: ErasureTable;
  reward_settings: RewardSettingsTable;
  reward: RewardTable;
  coupon_code: CouponCodeTable;
  code_batch: CodeBatchTable;
  sdk_file: SdkFileTable;
}
