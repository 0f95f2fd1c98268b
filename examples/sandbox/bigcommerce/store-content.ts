import { OrderMap } from './order-map.js';
import type { OrderEvent } from './orders.js';
import type { CouponCodeRecord, PromotionRecord } from './promotions.js';

/**
 * What BigCommerce keeps of a store's content, in memory, in the shapes of its REST API. Behind the API, Page Builder and the
 * storefront there is one {@link StoreContent}.
 */

/** A script, as `GET /v3/content/scripts` answers. */
export interface ScriptRecord {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly html: string;
  readonly src: string;
  readonly auto_uninstall: boolean;
  readonly load_method: 'default' | 'async' | 'defer';
  readonly location: 'head' | 'footer';
  readonly visibility: 'storefront' | 'all_pages' | 'checkout' | 'order_confirmation';
  readonly kind: 'src' | 'script_tag';
  readonly api_client_id: string;
  /** `unknown` where nobody gave one. */
  readonly consent_category: string;
  readonly enabled: boolean;
  readonly channel_id: number;
  readonly integrity_hashes: readonly string[];
  readonly date_created: string;
  readonly date_modified: string;
}

/** One version of a widget template: what the widgets that were made with it go on showing. */
export interface TemplateVersion {
  readonly uuid: string;
  readonly template: string;
  readonly schema: readonly unknown[];
  /** A JSON object as text. */
  readonly schema_translations: string;
  readonly storefront_api_query: string;
}

/** A widget template with all its versions, the current one last. */
export interface WidgetTemplateRecord {
  readonly uuid: string;
  readonly name: string;
  readonly channel_id: number;
  readonly kind: 'custom';
  readonly date_created: string;
  readonly date_modified: string;
  readonly versions: readonly TemplateVersion[];
}

/** A widget: a version of a template with what the merchant entered. */
export interface WidgetRecord {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly channel_id: number;
  readonly widget_template_uuid: string;
  readonly version_uuid: string;
  /** Without `_`, which the API and the engine add. */
  readonly widget_configuration: Readonly<Record<string, unknown>>;
  readonly date_created: string;
  readonly date_modified: string;
}

/** Where a widget stands. */
export interface PlacementRecord {
  readonly uuid: string;
  readonly widget_uuid: string;
  readonly channel_id: number;
  /** `pages/product`. Empty in regions that end in `--global`: those are on every page. */
  readonly template_file: string;
  readonly region: string;
  /** One product, category, brand or page; empty for all of the template. */
  readonly entity_id: string;
  readonly sort_order: number;
  readonly status: 'active' | 'inactive';
  readonly date_created: string;
  readonly date_modified: string;
}

/** A webhook, as `GET /v3/hooks` answers. */
export interface HookRecord {
  readonly id: number;
  readonly client_id: string;
  readonly store_hash: string;
  readonly scope: string;
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly is_active: boolean;
  /** Unix seconds. */
  readonly created_at: number;
  readonly updated_at: number;
}

/** A storefront of the store. */
export interface ChannelRecord {
  readonly id: number;
  readonly name: string;
  readonly platform: 'bigcommerce' | 'catalyst';
  readonly status: 'active' | 'prelaunch' | 'inactive';
}

/** A product, as far as orders ask the catalog. */
export interface ProductRecord {
  readonly id: number;
  readonly name: string;
  /** Ids of {@link CategoryRecord}s. */
  readonly categories: readonly number[];
}

/** A category of the catalog. */
export interface CategoryRecord {
  readonly id: number;
  readonly name: string;
}

/** The lists of the store, each by uuid or id in the order of creation. Whoever changes one puts a whole new record. */
export interface StoreContent {
  /** BigCommerce's id of the store. */
  readonly storeHash: string;
  readonly name: string;
  readonly channels: Map<number, ChannelRecord>;
  readonly scripts: Map<string, ScriptRecord>;
  readonly widgetTemplates: Map<string, WidgetTemplateRecord>;
  readonly widgets: Map<string, WidgetRecord>;
  readonly placements: Map<string, PlacementRecord>;
  readonly hooks: Map<number, HookRecord>;
  /** Changed by the functions of `orders.ts`, which tell {@link orderListeners}. */
  readonly orders: OrderMap;
  /** Who is told of what happens to orders: what sends webhooks. */
  readonly orderListeners: Set<(event: OrderEvent) => void>;
  /** The highest number that an order had. */
  lastOrderId: number;
  readonly products: Map<number, ProductRecord>;
  readonly categories: Map<number, CategoryRecord>;
  /** Changed by the functions of `promotions.ts`, as the codes are. */
  readonly promotions: Map<number, PromotionRecord>;
  /** By the code, in capitals. */
  readonly couponCodes: Map<string, CouponCodeRecord>;
  /** The highest numbers that a promotion and a code had. */
  lastPromotionId: number;
  lastCouponCodeId: number;
  /** What time it is for orders and promotions. */
  now: () => Date;
  /** What the merchant calls order statuses, by BigCommerce's id; the others have their system's label. */
  readonly orderStatusLabels: ReadonlyMap<number, string>;
  /** Regions by template file; global ones are in each. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
}

/** @returns The version of its template that a widget shows; `undefined` once the template is gone. */
export function versionOf(
  content: Pick<StoreContent, 'widgetTemplates'>,
  widget: Pick<WidgetRecord, 'widget_template_uuid' | 'version_uuid'>,
): TemplateVersion | undefined {
  return content.widgetTemplates
    .get(widget.widget_template_uuid)
    ?.versions.find(({ uuid }) => uuid === widget.version_uuid);
}

/** @returns The version of a template that new widgets get. */
export function currentVersion({ uuid, versions }: WidgetTemplateRecord): TemplateVersion {
  const version = versions.at(-1);
  if (!version) throw new Error(`The widget template ${uuid} has no version.`);
  return version;
}

/** @returns The channel that counts where nobody names one: the first that the store got. */
export function defaultChannelId({ channels }: Pick<StoreContent, 'channels'>): number {
  const [id = 1] = channels.keys();
  return id;
}

/** A store without content, with one Stencil storefront. */
export function emptyStore(store: Pick<StoreContent, 'storeHash' | 'name' | 'regions'>): StoreContent {
  const channel: ChannelRecord = { id: 1, name: store.name, platform: 'bigcommerce', status: 'active' };
  return {
    ...store,
    channels: new Map([[channel.id, channel]]),
    scripts: new Map(),
    widgetTemplates: new Map(),
    widgets: new Map(),
    placements: new Map(),
    hooks: new Map(),
    orders: new OrderMap(),
    orderListeners: new Set(),
    lastOrderId: 99,
    products: new Map(),
    categories: new Map(),
    promotions: new Map(),
    couponCodes: new Map(),
    lastPromotionId: 0,
    lastCouponCodeId: 0,
    now: () => new Date(),
    orderStatusLabels: new Map([
      [8, 'Ready at the shop'],
      [11, 'Waiting to be packed'],
    ]),
  };
}
