import { z } from 'zod';

/**
 * The objects of BigCommerce's REST API that we use, and of each what we use. What comes from BigCommerce is read leniently,
 * since lists hold what other apps made as well: only what nothing works without has to be there.
 *
 * Source: BigCommerce's OpenAPI files scripts.v3, widgets.v3, channels.v3, webhooks.v3, store_information.v2 and orders.v2, which
 * the contract tests hold all traffic to.
 */

/** A script of the Scripts API. */
export const scriptSchema = z.object({
  uuid: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  html: z.string().nullish(),
  src: z.string().nullish(),
  auto_uninstall: z.boolean().nullish(),
  load_method: z.string().nullish(),
  location: z.string().nullish(),
  visibility: z.string().nullish(),
  kind: z.string().nullish(),
  /** Merchants may change it in Script Manager; `unknown` where nobody gave one. */
  consent_category: z.string().nullish(),
  enabled: z.boolean().nullish(),
  channel_id: z.number().int().nullish(),
  integrity_hashes: z.array(z.string()).nullish(),
  date_created: z.string().nullish(),
});
export type Script = z.infer<typeof scriptSchema>;

/** What a script is created with, or changed to. */
export interface ScriptFields {
  readonly name: string;
  readonly description?: string;
  readonly kind: 'src' | 'script_tag';
  readonly html?: string;
  readonly src?: string;
  readonly load_method?: 'default' | 'async' | 'defer';
  readonly location?: 'head' | 'footer';
  readonly visibility?: 'storefront' | 'all_pages' | 'checkout' | 'order_confirmation';
  readonly auto_uninstall?: boolean;
  readonly consent_category?: 'essential' | 'functional' | 'analytics' | 'targeting';
  readonly enabled?: boolean;
  readonly channel_id: number;
  readonly integrity_hashes?: readonly string[];
}

/** A widget template: what Page Builder lists under "Custom". */
export const widgetTemplateSchema = z.object({
  uuid: z.string(),
  name: z.string().nullish(),
  template: z.string().nullish(),
  channel_id: z.number().int().nullish(),
  current_version_uuid: z.string().nullish(),
  date_created: z.string().nullish(),
});
export type WidgetTemplate = z.infer<typeof widgetTemplateSchema>;

/** What a widget template is created with, or changed to. */
export interface WidgetTemplateFields {
  readonly name: string;
  readonly template: string;
  readonly schema: readonly unknown[];
  /** A JSON object as text. Documented in "Localization", absent from the OpenAPI file. */
  readonly schema_translations: string;
  readonly channel_id: number;
}

/** A widget: a template with what a merchant entered. */
export const widgetSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  version_uuid: z.string().nullish(),
});
export type Widget = z.infer<typeof widgetSchema>;

/** Where a widget stands. */
export const placementSchema = z.object({
  uuid: z.string(),
  template_file: z.string().nullish(),
  region: z.string().nullish(),
});
export type Placement = z.infer<typeof placementSchema>;

/** A place in the theme that takes widgets. */
export const regionSchema = z.object({ name: z.string() });
export type Region = z.infer<typeof regionSchema>;

/** A storefront. */
export const channelSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  /** `bigcommerce` for Stencil and Blueprint, `catalyst` for Catalyst. */
  platform: z.string().nullish(),
});
export type Channel = z.infer<typeof channelSchema>;

/** Where a channel's storefront is. */
export const siteSchema = z.object({ url: z.string() });
export type Site = z.infer<typeof siteSchema>;

/** What a store says about itself. */
export const storeInformationSchema = z.object({
  name: z.string().nullish(),
  default_channel_id: z.number().int().nullish(),
  features: z
    .object({
      stencil_enabled: z.boolean().nullish(),
      checkout_type: z.string().nullish(),
      shopper_consent_tracking_enabled: z.boolean().nullish(),
    })
    .nullish(),
});
export type StoreInformation = z.infer<typeof storeInformationSchema>;

/**
 * A status that orders can have, and what this store calls it: the merchant's label or, without one, BigCommerce's.
 *
 * Source: BigCommerce, orders.v2.oas2.yml, `orderStatus_Base`.
 */
export const orderStatusSchema = z
  .object({
    id: z.number().int(),
    name: z.string().nullish(),
    system_label: z.string().nullish(),
    custom_label: z.string().nullish(),
  })
  .transform(({ id, name, system_label, custom_label }) => ({
    id,
    label: custom_label || system_label || name || `${id}`,
  }));
export type OrderStatus = z.infer<typeof orderStatusSchema>;

/** A webhook. */
export const hookSchema = z.object({
  id: z.number().int(),
  /** Which events: `store/channel/created`. */
  scope: z.string(),
  destination: z.string(),
  /** BigCommerce sets it to false when nobody took the events for two days, and after 90 days without any. */
  is_active: z.boolean().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
});
export type Hook = z.infer<typeof hookSchema>;

/** What a webhook is created with, or changed to. */
export interface HookFields {
  readonly scope: string;
  readonly destination: string;
  readonly is_active: boolean;
  /** What BigCommerce sends along with each event. */
  readonly headers: Readonly<Record<string, string>>;
}
