import { readFile } from 'node:fs/promises';
import { renderString } from './engine.js';

/** A widget that the merchant dragged into a region, as Page Builder keeps it. */
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

const WIDGET_TEMPLATE = new URL('../../widgets/extole-cta-tag/widget.html', import.meta.url);

/**
 * Renders the widgets of a page with the engine that BigCommerce uses for widgets, apart from the page and without its data.
 *
 * @param template - The page's template: `pages/product`.
 * @returns HTML by region, each widget wrapped as BigCommerce wraps it.
 */
export async function renderRegions(
  widgets: readonly PlacedWidget[],
  template: string,
): Promise<Record<string, string>> {
  const widgetTemplate = await readFile(WIDGET_TEMPLATE, 'utf8');
  const regions: Record<string, string> = {};
  for (const { id, region, configuration, ...placed } of widgets) {
    if (placed.template !== undefined && placed.template !== template) continue;
    const content = await renderString(widgetTemplate, { ...configuration, _: { id } }, 'handlebars-v3');
    regions[region] =
      `${regions[region] ?? ''}<div data-widget-id="${id}" data-placement-id="${id}" data-placement-status="ACTIVE">${content}</div>`;
  }
  return regions;
}
