import { z } from 'zod';
import { BigCommerceApi, type BigCommerceOptions, type Call } from './bigcommerce-api.js';
import { BigCommerceError } from './bigcommerce-error.js';
import {
  type Channel,
  channelSchema,
  type Hook,
  type HookFields,
  hookSchema,
  type OrderStatus,
  orderStatusSchema,
  type Placement,
  placementSchema,
  type Region,
  regionSchema,
  type Script,
  type ScriptFields,
  type Site,
  type StoreInformation,
  scriptSchema,
  siteSchema,
  storeInformationSchema,
  type Widget,
  type WidgetTemplate,
  type WidgetTemplateFields,
  widgetSchema,
  widgetTemplateSchema,
} from './bigcommerce-types.js';
import {
  categorySchema,
  ORDERS_PAGE_SIZE,
  type Order,
  type OrderCoupon,
  type OrderProduct,
  type OrderShippingAddress,
  type OrdersQuery,
  orderCouponSchema,
  orderProductSchema,
  orderSchema,
  orderShippingAddressSchema,
  productCategoriesSchema,
  type Refund,
  refundSchema,
} from './order-types.js';
import { promotionCalls } from './promotion-calls.js';
import type { CodeFields, CodegenFields, Promotion, PromotionCode } from './promotion-types.js';
import { unlessGone } from './unless-gone.js';

/**
 * The calls of BigCommerce's REST API that we make, for one store. Each rejects with a `BigCommerceError`; each list is complete,
 * whatever its pages, but for `ordersPage`.
 */
export interface BigCommerceClient {
  readonly storeHash: string;
  storeInformation(): Promise<StoreInformation>;
  /** Every storefront that can be used, of the platforms that we know. */
  storefronts(): Promise<Channel[]>;
  site(channelId: number): Promise<Site>;
  regions(templateFile: string, channelId: number): Promise<Region[]>;
  /** The scripts that this API account created; BigCommerce shows no others. */
  scripts(): Promise<Script[]>;
  createScript(fields: ScriptFields): Promise<Script>;
  updateScript(uuid: string, fields: ScriptFields): Promise<Script>;
  deleteScript(uuid: string): Promise<void>;
  /** All widget templates of the store, whoever made them. */
  widgetTemplates(): Promise<WidgetTemplate[]>;
  createWidgetTemplate(fields: WidgetTemplateFields): Promise<WidgetTemplate>;
  /** Releases a new version: widgets that stand in pages stay as they are until they are upgraded. */
  releaseWidgetTemplate(uuid: string, fields: WidgetTemplateFields): Promise<WidgetTemplate>;
  deleteWidgetTemplate(uuid: string): Promise<void>;
  widgets(widgetTemplateUuid: string): Promise<Widget[]>;
  /** Moves a widget to its template's current version. What the merchant entered stays. */
  upgradeWidget(widget: Pick<Widget, 'uuid' | 'name'>): Promise<Widget>;
  deleteWidget(uuid: string): Promise<void>;
  placements(widgetTemplateUuid: string): Promise<Placement[]>;
  deletePlacement(uuid: string): Promise<void>;
  /** Every status that an order of this store can have. */
  orderStatuses(): Promise<OrderStatus[]>;
  /** An order, archived or not; `undefined` when there is none, or no more. */
  order(orderId: number): Promise<Order | undefined>;
  orderCoupons(orderId: number): Promise<OrderCoupon[]>;
  orderProducts(orderId: number): Promise<OrderProduct[]>;
  orderShippingAddresses(orderId: number): Promise<OrderShippingAddress[]>;
  /** What was given back of an order, the first refund first. */
  orderRefunds(orderId: number): Promise<Refund[]>;
  /** The first {@link ORDERS_PAGE_SIZE} of the orders that are asked for, by id. Fewer: there are no more. */
  ordersPage(query: OrdersQuery): Promise<Order[]>;
  /** The names of the categories that products are in, by product. Empty where the token does not open the catalog. */
  productCategories(productIds: readonly number[]): Promise<Map<number, string[]>>;
  /** All promotions of the store. */
  promotions(): Promise<Promotion[]>;
  /** A promotion; `undefined` when there is none, or no more. */
  promotion(promotionId: number): Promise<Promotion | undefined>;
  /**
   * Makes a code of a promotion. Not repeated where it may have been made: look for it by its value then.
   *
   * @returns `'taken'`: some promotion has a code of that name.
   */
  createPromotionCode(promotionId: number, fields: CodeFields): Promise<PromotionCode | 'taken'>;
  /** Has BigCommerce draw codes of a bulk promotion. Not repeated where they may have been made: look for them by their prefix then. */
  generatePromotionCodes(promotionId: number, fields: CodegenFields): Promise<string[]>;
  /** A code of a promotion, by its value; `undefined` when the promotion has none of that name. */
  promotionCode(promotionId: number, code: string): Promise<PromotionCode | undefined>;
  /** All codes of a promotion that begin with one of these. Reads through all of its codes, once. */
  promotionCodesWith(promotionId: number, prefixes: readonly string[]): Promise<PromotionCode[]>;
  /** Deletes a code. It may be gone already. */
  deletePromotionCode(promotionId: number, codeId: number): Promise<void>;
  /** Deletes any number of a promotion's codes, 250 with each call. They may be gone already. */
  deletePromotionCodes(promotionId: number, codeIds: readonly number[]): Promise<void>;
  /** The webhooks that this API account or app created; BigCommerce shows no others. */
  hooks(): Promise<Hook[]>;
  createHook(fields: HookFields): Promise<Hook>;
  /** Changes what is named; an inactive one takes events again with `is_active: true`. */
  updateHook(id: number, fields: Partial<HookFields>): Promise<Hook>;
  deleteHook(id: number): Promise<void>;
}

/** What a page of an order's parts holds where nobody asks for another size. */
const ORDER_PART_PAGE_SIZE = 50;

/** How many ids an address holds without getting too long. */
const IDS_IN_A_QUERY = 100;

/** Makes a client for one store. All clients of a store share one queue. */
export function createBigCommerceClient(options: BigCommerceOptions): BigCommerceClient {
  const api = new BigCommerceApi(options);
  const nothing = z.unknown();
  const data = <T>(schema: z.ZodType<T>) => z.object({ data: schema }).transform((answer) => answer.data);
  const write = <T>(method: 'POST' | 'PUT', path: string, body: object, schema: z.ZodType<T>): Promise<T> =>
    api.send({ method, path, body }, data(schema));
  const remove = async (path: string): Promise<void> => {
    await api.send({ method: 'DELETE', path }, nothing);
  };

  /** What a call of version 2 lists. An empty list is answered with 204 and no body. */
  const listOf = async <T>(path: string, item: z.ZodType<T>, query: NonNullable<Call['query']> = {}) =>
    (await api.send({ method: 'GET', path, query }, z.array(item).optional())) ?? [];
  /** A list of version 2, to its end, since it does not say how many pages it has. */
  const pagesOf = async <T>(path: string, item: z.ZodType<T>): Promise<T[]> => {
    const items: T[] = [];
    for (let page = 1; ; page += 1) {
      const found = await listOf(path, item, { page, limit: ORDER_PART_PAGE_SIZE });
      items.push(...found);
      if (found.length < ORDER_PART_PAGE_SIZE) return items;
    }
  };
  const byIds = async <T>(path: string, ids: Iterable<number>, fields: string, item: z.ZodType<T>) => {
    const distinct = [...new Set(ids)];
    const lists: T[][] = [];
    for (let start = 0; start < distinct.length; start += IDS_IN_A_QUERY) {
      const query = {
        'id:in': distinct.slice(start, start + IDS_IN_A_QUERY).join(','),
        include_fields: fields,
      };
      lists.push(await api.list(path, query, item));
    }
    return lists.flat();
  };

  return {
    storeHash: options.storeHash,
    storeInformation: () => api.send({ method: 'GET', path: '/v2/store' }, storeInformationSchema),
    storefronts: () =>
      api.list(
        '/v3/channels',
        { available: true, 'type:in': 'storefront', 'platform:in': 'bigcommerce,catalyst' },
        channelSchema,
      ),
    site: (channelId) =>
      api.send({ method: 'GET', path: `/v3/channels/${channelId}/site` }, data(siteSchema)),
    regions: (templateFile, channelId) =>
      api.send(
        {
          method: 'GET',
          path: '/v3/content/regions',
          query: { template_file: templateFile, channel_id: channelId },
        },
        data(z.array(regionSchema)),
      ),

    scripts: () => api.list('/v3/content/scripts', {}, scriptSchema),
    createScript: (fields) => write('POST', '/v3/content/scripts', fields, scriptSchema),
    updateScript: (uuid, fields) => write('PUT', `/v3/content/scripts/${uuid}`, fields, scriptSchema),
    deleteScript: (uuid) => remove(`/v3/content/scripts/${uuid}`),

    widgetTemplates: () => api.list('/v3/content/widget-templates', {}, widgetTemplateSchema),
    createWidgetTemplate: (fields) =>
      write('POST', '/v3/content/widget-templates', fields, widgetTemplateSchema),
    releaseWidgetTemplate: (uuid, fields) =>
      api.send(
        {
          method: 'PUT',
          path: `/v3/content/widget-templates/${uuid}`,
          body: { ...fields, create_new_version: true },
          isRepeatable: false,
        },
        data(widgetTemplateSchema),
      ),
    deleteWidgetTemplate: (uuid) => remove(`/v3/content/widget-templates/${uuid}`),

    widgets: (widgetTemplateUuid) =>
      api.list('/v3/content/widgets', { widget_template_uuid: widgetTemplateUuid }, widgetSchema),
    upgradeWidget: ({ uuid, name }) =>
      write('PUT', `/v3/content/widgets/${uuid}`, { name, upgrade: true }, widgetSchema),
    deleteWidget: (uuid) => remove(`/v3/content/widgets/${uuid}`),
    placements: (widgetTemplateUuid) =>
      api.list('/v3/content/placements', { widget_template_uuid: widgetTemplateUuid }, placementSchema),
    deletePlacement: (uuid) => remove(`/v3/content/placements/${uuid}`),

    orderStatuses: () => listOf('/v2/order_statuses', orderStatusSchema),
    order: (orderId) =>
      unlessGone<Order | undefined>(undefined, () =>
        api.send({ method: 'GET', path: `/v2/orders/${orderId}` }, orderSchema),
      ),
    orderCoupons: (orderId) => pagesOf(`/v2/orders/${orderId}/coupons`, orderCouponSchema),
    orderProducts: (orderId) => pagesOf(`/v2/orders/${orderId}/products`, orderProductSchema),
    orderShippingAddresses: (orderId) =>
      pagesOf(`/v2/orders/${orderId}/shipping_addresses`, orderShippingAddressSchema),
    orderRefunds: (orderId) =>
      api.send(
        { method: 'GET', path: `/v3/orders/${orderId}/payment_actions/refunds` },
        data(z.array(refundSchema)),
      ),
    ordersPage: ({ minId, minDateModified, maxDateModified, minDateCreated }) =>
      listOf('/v2/orders', orderSchema, {
        min_id: minId,
        ...(minDateModified && { min_date_modified: minDateModified.toISOString() }),
        ...(maxDateModified && { max_date_modified: maxDateModified.toISOString() }),
        ...(minDateCreated && { min_date_created: minDateCreated.toISOString() }),
        sort: 'id:asc',
        limit: ORDERS_PAGE_SIZE,
      }),
    productCategories: async (productIds) => {
      try {
        const path = '/v3/catalog/products';
        const products = await byIds(path, productIds, 'categories', productCategoriesSchema);
        const ids = products.flatMap(({ categories }) => categories);
        const categories = await byIds('/v3/catalog/categories', ids, 'name', categorySchema);
        const names = new Map(categories.map(({ id, name }) => [id, name]));
        return new Map(
          products.map((product) => [product.id, product.categories.flatMap((id) => names.get(id) ?? [])]),
        );
      } catch (error) {
        if (error instanceof BigCommerceError && error.code === 'BIGCOMMERCE_SCOPE_MISSING') return new Map();
        throw error;
      }
    },
    ...promotionCalls(api),

    hooks: () => api.list('/v3/hooks', {}, hookSchema),
    createHook: (fields) => write('POST', '/v3/hooks', fields, hookSchema),
    updateHook: (id, fields) => write('PUT', `/v3/hooks/${id}`, fields, hookSchema),
    deleteHook: (id) => remove(`/v3/hooks/${id}`),
  };
}
