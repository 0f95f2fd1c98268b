import { programOrigin } from '../catalog/program-domain.js';
import { ZONE_REGIONS } from '../catalog/zones.js';
import { StoreError } from './store-error.js';

/** What a script template needs to know about one storefront. */
export interface ScriptHtmlOptions {
  /** The merchant's program domain, a bare host name: `share.brand.com`. */
  readonly programDomain: string;
  /** Where `extole-storefront.js` is served from: an absolute HTTPS address, or a path of the storefront itself. */
  readonly sdkUrl: string;
  /** The hash that browsers hold the SDK to: `sha384-…`. */
  readonly sdkIntegrity?: string;
  /**
   * `configuration`: the configuration's tag alone, for a store that takes one tag for each script. The SDK is a script of its own
   * then, and loads the core tag.
   */
  readonly tags?: 'all' | 'configuration';
  /** The storefront's channel. */
  readonly channelId?: number;
  /** Automatic zones: those that the pages of this script show without anybody placing them. */
  readonly zones?: readonly string[];
  /**
   * The height in pixels that the page keeps free for an automatic zone, by the zone's name, so that it does not jump when the
   * creative comes. Kept in the first region of the zone that the catalog lists.
   */
  readonly zoneHeightsPx?: Readonly<Record<string, number>>;
  /** `required`: nothing may be asked before the shopper agrees, so that the core tag is left to the SDK too. */
  readonly consent?: 'required';
  /** Which category of BigCommerce's consent banner counts. */
  readonly consentCategory?: 'functional' | 'analytics' | 'targeting';
  /** Whether the order confirmation page tells Extole of the order. */
  readonly conversion?: boolean;
  /** How a signed-in shopper is verified: the app's client id, and the app's endpoint, an absolute HTTPS address. */
  readonly verification?: { readonly appClientId: string; readonly url: string };
}

// An absolute HTTPS address, one of this machine, or a path; nothing in it ends an attribute or starts a mustache.
const ADDRESS = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/]|\/(?!\/))[^\s"'<>`{}\\]+$/;

const INTEGRITY = /^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/;

/**
 * Fills one of `templates/*.html` for one storefront. What comes out still holds BigCommerce's Handlebars and
 * goes into the `html` of the Scripts API.
 *
 * @param html - The template's text.
 * @returns The text with each `%%MARK%%` replaced. Values are escaped for where they stand, and hold no mustache
 *   that BigCommerce would read.
 * @throws {StoreError} `PROGRAM_DOMAIN_INVALID`, `SDK_URL_INVALID`, `SDK_INTEGRITY_INVALID` or `VERIFICATION_URL_INVALID`, with the refused value and what to enter.
 */
export function fillScriptHtml(html: string, options: ScriptHtmlOptions): string {
  const { programDomain, sdkUrl, sdkIntegrity, verification, ...said } = options;
  const hasAllTags = said.tags !== 'configuration';
  const origin = programOrigin(programDomain);
  if (origin === undefined) {
    throw new StoreError(
      'PROGRAM_DOMAIN_INVALID',
      `${JSON.stringify(programDomain)} is not a program domain. Enter its bare host name, such as share.brand.com.`,
    );
  }
  if (!ADDRESS.test(sdkUrl)) {
    throw new StoreError(
      'SDK_URL_INVALID',
      `${JSON.stringify(sdkUrl)} is not an address of the SDK. Give an https:// address or a path that starts with one slash.`,
    );
  }
  if (sdkIntegrity !== undefined && !INTEGRITY.test(sdkIntegrity)) {
    throw new StoreError(
      'SDK_INTEGRITY_INVALID',
      `${JSON.stringify(sdkIntegrity)} is not a hash of the SDK. Give sha256-, sha384- or sha512- and the hash in Base64.`,
    );
  }
  if (verification && (!ADDRESS.test(verification.url) || verification.url.startsWith('/'))) {
    throw new StoreError(
      'VERIFICATION_URL_INVALID',
      `${JSON.stringify(verification.url)} is not an address of the app. Give an https:// address.`,
    );
  }
  const marks: Record<string, string> = {
    CORE_TAG:
      hasAllTags && said.consent !== 'required'
        ? `<script async fetchpriority="high" src="${origin}/core.js"></script>`
        : '',
    CONFIG: scriptLiteral({
      programDomain: programDomain.trim().toLowerCase(),
      channelId: said.channelId,
      zones: said.zones,
      consent: said.consent,
      consentCategory: said.consentCategory,
      conversion: said.conversion,
      verification: verification && { appClientId: verification.appClientId, url: verification.url },
    }),
    ROOM: roomFor(said.zones ?? [], said.zoneHeightsPx ?? {}),
    SDK_TAG: hasAllTags ? sdkTag(sdkUrl, sdkIntegrity) : '',
  };
  return html.replace(/%%([A-Z_]+)%%/g, (mark, name: string) => marks[name] ?? mark);
}

function sdkTag(url: string, integrity: string | undefined): string {
  // Browsers check the hash of a file of another origin only where its server lets them read it.
  const held = integrity ? ` integrity="${integrity}" crossorigin="anonymous"` : '';
  return `<script async src="${url.replaceAll('&', '&amp;')}"${held}></script>`;
}

/** A statement that keeps room for automatic zones before the page is painted, or nothing. */
function roomFor(zones: readonly string[], heightsPx: Readonly<Record<string, number>>): string {
  const rules = Object.entries(ZONE_REGIONS).flatMap(([name, [region]]) => {
    const heightPx = Math.round(heightsPx[name] ?? 0);
    return zones.includes(name) && heightPx > 0
      ? [`[data-content-region="${region}"]{min-height:${heightPx}px}`]
      : [];
  });
  if (rules.length === 0) return '';
  return `document.head.append(Object.assign(document.createElement('style'), {
  nonce: document.currentScript.nonce,
  textContent: ${scriptLiteral(rules.join(''))}
}));\n`;
}

// What is undefined is left out. `<` could end the script and `{{` would be read by BigCommerce's Handlebars; within a string
// both mean the same when escaped, and JSON has neither elsewhere.
function scriptLiteral(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]|\{\{/g, (found) =>
    [...found].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
}
