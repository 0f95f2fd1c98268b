import { currentVersion, type StoreContent, versionOf } from './bigcommerce/store-content.js';
import { renderString } from './engine.js';
import { escapeHtml } from './html.js';
import { type PlacementPage, placementsOn } from './page-builder/placements.js';

/** A widget that the merchant dragged into a region. */
export interface PlacedWidget {
  readonly id: string;
  readonly region: string;
  /** The template that it was placed on (`pages/product`). Absent in global regions: it shows on every page. */
  readonly template?: string;
  /** What the merchant entered: the settings of `widgets/extole-cta-tag/schema.json`. */
  readonly configuration: Readonly<Record<string, string | number | boolean>>;
}

/** What the merchant of the sample store dragged where. */
export const SAMPLE_WIDGETS: readonly PlacedWidget[] = [
  {
    id: '5f6c8d1e-0001-4b1c-9a7e-000000000001',
    region: 'header_bottom--global',
    configuration: { zone: 'global_header', fallback_text: 'Refer a friend, get $20', min_height: 48 },
  },
  {
    id: '5f6c8d1e-0002-4b1c-9a7e-000000000002',
    region: 'ssl_site_seal--global',
    configuration: { zone: 'global_footer', fallback_text: 'Refer a friend', min_height: 24 },
  },
  {
    id: '5f6c8d1e-0003-4b1c-9a7e-000000000003',
    region: 'product_below_price',
    template: 'pages/product',
    configuration: {
      zone: 'product',
      custom_event_data: '{"static_variable": "foobar", "dynamic_product_url": "{{product.url}}"}',
      min_height: 80,
    },
  },
  {
    id: '5f6c8d1e-0004-4b1c-9a7e-000000000004',
    region: 'header_navigation_bottom--global',
    configuration: { zone: 'overlay' },
  },
];

/**
 * Puts widgets into the store's content, in place of all that the channel has.
 *
 * @param templateUuid - The template that they are made with, in its current version.
 * @throws {Error} When the store has no such template.
 */
export function placeWidgets(
  content: Pick<StoreContent, 'widgetTemplates' | 'widgets' | 'placements'>,
  templateUuid: string,
  channelId: number,
  placed: readonly PlacedWidget[],
): void {
  const template = content.widgetTemplates.get(templateUuid);
  if (!template) throw new Error(`The store has no widget template ${templateUuid}.`);
  for (const records of [content.widgets, content.placements]) {
    for (const { uuid, channel_id } of records.values()) if (channel_id === channelId) records.delete(uuid);
  }
  const now = new Date().toISOString();
  const common = { channel_id: channelId, date_created: now, date_modified: now };
  for (const [index, widget] of placed.entries()) {
    content.widgets.set(widget.id, {
      ...common,
      uuid: widget.id,
      name: template.name,
      description: '',
      widget_template_uuid: template.uuid,
      version_uuid: currentVersion(template).uuid,
      widget_configuration: widget.configuration,
    });
    content.placements.set(widget.id, {
      ...common,
      uuid: widget.id,
      widget_uuid: widget.id,
      template_file: widget.template ?? '',
      region: widget.region,
      entity_id: '',
      sort_order: index,
      status: 'active',
    });
  }
}

/**
 * Renders the widgets of a page with the engine that BigCommerce uses for widgets, apart from the page and without its data.
 * A widget whose template is gone shows nothing.
 *
 * @returns HTML by region, each widget wrapped as BigCommerce wraps it. Rejects with the engine's own error when a widget's template
 * can't be rendered.
 */
export async function renderRegions(
  content: Pick<StoreContent, 'placements' | 'widgets' | 'widgetTemplates'>,
  page: PlacementPage,
): Promise<Record<string, string>> {
  const regions: Record<string, string> = {};
  for (const { uuid, region, widget_uuid } of placementsOn(content, page)) {
    const widget = content.widgets.get(widget_uuid);
    const version = widget && versionOf(content, widget);
    if (!version) continue;
    const context = { ...widget.widget_configuration, _: { id: widget.uuid } };
    const rendered = await renderString(version.template, context, 'handlebars-v3');
    const [widgetId, placementId] = [escapeHtml(widget.uuid), escapeHtml(uuid)];
    regions[region] =
      `${regions[region] ?? ''}<div data-widget-id="${widgetId}" data-placement-id="${placementId}" data-placement-status="ACTIVE">${rendered}</div>`;
  }
  return regions;
}
