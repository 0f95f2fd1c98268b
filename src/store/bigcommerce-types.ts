import { z } from 'zod';

/**
 * The objects of BigCommerce's REST API that we use, and of each what we use. Members that we do not name are kept away from
 * the rest of our code; members that BigCommerce's answers may lack are optional.
 *
 * Source: BigCommerce's OpenAPI files scripts.v3, widgets.v3, channels.v3 and store_information.v2, which the contract tests
 * hold all traffic to.
 */

const SCRIPT = {
  name: z.string(),
  description: z.string().optional(),
  html: z.string().optional(),
  src: z.string().optional(),
  auto_uninstall: z.boolean().optional(),
  load_method: z.enum(['default', 'async', 'defer']).optional(),
  location: z.enum(['head', 'footer']).optional(),
  visibility: z.enum(['storefront', 'all_pages', 'checkout', 'order_confirmation']).optional(),
  kind: z.enum(['src', 'script_tag']).optional(),
  // Merchants may change it in Script Manager, and `unknown` is what a script without one answers.
  consent_category: z.string().optional(),
  enabled: z.boolean().optional(),
  channel_id: z.number().int().optional(),
  integrity_hashes: z.array(z.string()).optional(),
};

/** A script of the Scripts API. */
export const scriptSchema = z.object({
  ...SCRIPT,
  uuid: z.string(),
  date_created: z.string().optional(),
});
export type Script = z.infer<typeof scriptSchema>;

/** What a script is created with, or changed to. */
export type ScriptFields = Partial<Omit<Script, 'uuid' | 'date_created'>> & Pick<Script, 'name'>;

/** A widget template: what Page Builder lists under "Custom". */
export const widgetTemplateSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  template: z.string(),
  schema: z.array(z.unknown()).optional(),
  /** A JSON object as text. Documented in "Localization", absent from the OpenAPI file. */
  schema_translations: z.string().optional(),
  channel_id: z.number().int().optional(),
  kind: z.string().optional(),
  current_version_uuid: z.string().optional(),
  date_created: z.string().optional(),
});
export type WidgetTemplate = z.infer<typeof widgetTemplateSchema>;

/** What a widget template is created with, or changed to. */
export interface WidgetTemplateFields {
  readonly name: string;
  readonly template: string;
  readonly schema: readonly unknown[];
  readonly schema_translations: string;
  readonly channel_id: number;
}

/** A widget: a template with what a merchant entered. */
export const widgetSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  widget_configuration: z.record(z.string(), z.unknown()).optional(),
  widget_template: z.object({ uuid: z.string() }).optional(),
  version_uuid: z.string().optional(),
  channel_id: z.number().int().optional(),
});
export type Widget = z.infer<typeof widgetSchema>;

/** Where a widget stands. */
export const placementSchema = z.object({
  uuid: z.string(),
  template_file: z.string().optional(),
  region: z.string().optional(),
  entity_id: z.string().optional(),
  sort_order: z.number().optional(),
  status: z.string().optional(),
  channel_id: z.number().int().optional(),
  widget: z.object({ uuid: z.string() }).optional(),
});
export type Placement = z.infer<typeof placementSchema>;

/** A place in the theme that takes widgets. */
export const regionSchema = z.object({ name: z.string() });
export type Region = z.infer<typeof regionSchema>;

/** A storefront, or another place to sell. */
export const channelSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  type: z.string().optional(),
  /** `bigcommerce` for Stencil and Blueprint, `catalyst` for Catalyst. */
  platform: z.string().optional(),
  status: z.string().optional(),
});
export type Channel = z.infer<typeof channelSchema>;

/** Where a channel's storefront is. */
export const siteSchema = z.object({ id: z.number().int(), url: z.string(), channel_id: z.number().int() });
export type Site = z.infer<typeof siteSchema>;

/** What a store says about itself. */
export const storeInformationSchema = z.object({
  id: z.string(),
  name: z.string(),
  secure_url: z.string().optional(),
  default_channel_id: z.number().int().optional(),
  features: z
    .object({
      stencil_enabled: z.boolean().optional(),
      checkout_type: z.string().optional(),
      shopper_consent_tracking_enabled: z.boolean().optional(),
    })
    .optional(),
});
export type StoreInformation = z.infer<typeof storeInformationSchema>;
