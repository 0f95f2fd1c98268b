import type { ScriptRecord, StoreContent } from './bigcommerce/store-content.js';
import { renderString } from './engine.js';
import { html } from './html.js';
import { CHANNEL_ID, type StencilContext, type View } from './stencil-context.js';

// The script after it keeps what it finds.
const PREVIEW_SCRIPT = '<script>window.extoleStorefront = { preview: true };</script>\n';

/** BigCommerce's numbers of the consent categories. Source: OpenAPI file consent.sf. */
const CATEGORY_NUMBERS: Readonly<Record<string, string>> = {
  analytics: '1',
  functional: '2',
  targeting: '3',
};

/**
 * Prints the scripts of the Scripts API as BigCommerce does: those for the channel and the kind of page that the shopper's
 * consent allows, each read as Handlebars.
 *
 * Source: BigCommerce, "Scripts", Script visibility and locations, Consent.
 *
 * @returns What the theme prints as `head.scripts` and `footer.scripts`.
 */
export async function renderScripts(
  { scripts }: Pick<StoreContent, 'scripts'>,
  view: View,
  context: StencilContext,
): Promise<Record<ScriptRecord['location'], string>> {
  const rendered = { head: view.isPreview ? PREVIEW_SCRIPT : '', footer: '' };
  for (const script of scripts.values()) {
    if (script.channel_id !== CHANNEL_ID || !script.enabled) continue;
    if (!isVisible(script, view) || !isAllowed(script, view)) continue;
    rendered[script.location] += `${await renderString(textOf(script), context, 'handlebars-v4')}\n`;
  }
  return rendered;
}

function textOf(script: ScriptRecord): string {
  if (script.kind === 'script_tag') return script.html;
  const { src, load_method, integrity_hashes } = script;
  const held =
    integrity_hashes.length > 0
      ? html` integrity="${integrity_hashes.join(' ')}" crossorigin="anonymous"`
      : '';
  return html`<script src="${src}"${html` ${load_method === 'default' ? '' : load_method}`}${held}></script>`
    .text;
}

// The specification says: all pages but checkout and order confirmation. The guide leaves out account pages too.
function isVisible({ visibility }: ScriptRecord, { page }: View): boolean {
  if (visibility === 'all_pages') return true;
  return visibility === (page.type === 'orderconfirmation' ? 'order_confirmation' : 'storefront');
}

function isAllowed({ consent_category }: ScriptRecord, { isConsentNeeded, consent }: View): boolean {
  if (!isConsentNeeded || consent_category === 'essential') return true;
  const number = CATEGORY_NUMBERS[consent_category];
  return number !== undefined && consent.split('.').includes(number);
}
