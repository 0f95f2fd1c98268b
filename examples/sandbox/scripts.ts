import { readFile } from 'node:fs/promises';
import { fillScriptHtml, type ScriptHtmlOptions } from '../../src/store/script-html.js';
import { renderString } from './engine.js';
import type { StencilContext, View } from './stencil-context.js';

/** What a merchant switched on in the app, for the scripts on the store's pages. */
export interface ScriptSettings
  extends Pick<ScriptHtmlOptions, 'consent' | 'consentCategory' | 'zones' | 'conversion'> {
  /** Whether the app's server verifies who is signed in. */
  readonly verification?: boolean;
}

/** What a merchant would have shown without widgets. */
const AUTOMATIC_ZONES = ['global_header', 'global_footer', 'product', 'overlay'];
const ZONE_HEIGHTS_PX = { global_header: 48, global_footer: 24, product: 80 };

const TEMPLATE = new URL('../../templates/script.html', import.meta.url);

// The script after it keeps what it finds.
const PREVIEW_SCRIPT = '<script>window.extoleStorefront = { preview: true };</script>\n';

/**
 * Renders what the app would have created by the Scripts API, from one template: a script for all pages but checkout and order
 * confirmation (visibility `storefront`, by BigCommerce's specification; its guide leaves out account pages too), and one for
 * the order confirmation (`order_confirmation`).
 *
 * @param app - What the app has of itself to put in: how it verifies shoppers, and the program domain.
 */
export async function renderScripts(
  { zones, conversion, verification, ...settings }: ScriptSettings,
  view: View,
  context: StencilContext,
  app: Pick<Required<ScriptHtmlOptions>, 'programDomain' | 'verification'>,
): Promise<string> {
  const shownZones = view.areZonesAutomatic ? AUTOMATIC_ZONES : zones;
  const filled = fillScriptHtml(await readFile(TEMPLATE, 'utf8'), {
    programDomain: app.programDomain,
    sdkUrl: '/sdk/extole-storefront.js',
    channelId: 1,
    ...settings,
    ...(view.isConsentNeeded && { consent: 'required' }),
    ...(verification && { verification: app.verification }),
    ...(view.page.type === 'orderconfirmation'
      ? { zones: ['confirmation'], ...(conversion && { conversion }) }
      : shownZones && { zones: shownZones, zoneHeightsPx: ZONE_HEIGHTS_PX }),
  });
  return (view.isPreview ? PREVIEW_SCRIPT : '') + (await renderString(filled, context, 'handlebars-v4'));
}
