import { z } from 'zod';
import { BigCommerceApi, type BigCommerceOptions } from './bigcommerce-api.js';
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

/**
 * The calls of BigCommerce's REST API that we make, for one store. Each rejects with a `BigCommerceError`; each list is complete,
 * whatever its pages.
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
  /** The webhooks that this API account or app created; BigCommerce shows no others. */
  hooks(): Promise<Hook[]>;
  createHook(fields: HookFields): Promise<Hook>;
  /** Changes what is named; an inactive one takes events again with `is_active: true`. */
  updateHook(id: number, fields: Partial<HookFields>): Promise<Hook>;
  deleteHook(id: number): Promise<void>;
}

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

    orderStatuses: async () =>
      // An empty list of version 2 is answered with 204 and no body.
      (await api.send(
        { method: 'GET', path: '/v2/order_statuses' },
        z.array(orderStatusSchema).optional(),
      )) ?? [],
    hooks: () => api.list('/v3/hooks', {}, hookSchema),
    createHook: (fields) => write('POST', '/v3/hooks', fields, hookSchema),
    updateHook: (id, fields) => write('PUT', `/v3/hooks/${id}`, fields, hookSchema),
    deleteHook: (id) => remove(`/v3/hooks/${id}`),
  };
}
