import { programOrigin } from '../catalog/program-domain.js';

/** What a script template needs to know about one storefront. */
export interface ScriptHtmlOptions {
  /** The merchant's program domain, a bare host name: `share.brand.com`. */
  readonly programDomain: string;
  /** Where `extole-storefront.js` is served from: an absolute HTTPS address, or a path of the storefront itself. */
  readonly sdkUrl: string;
  /** The storefront's channel. */
  readonly channelId?: number;
  /** Overlay-like zones that every page of this script asks for by itself. */
  readonly zones?: readonly string[];
}

/**
 * Fills one of `templates/*.html` for one storefront. What comes out still holds BigCommerce's Handlebars and
 * goes into the `html` of the Scripts API.
 *
 * @param html - The template's text.
 * @returns The text with each `%%MARK%%` replaced. Values are escaped for where they stand, and hold no mustache
 *   that BigCommerce would read.
 * @throws {RangeError} `PROGRAM_DOMAIN_INVALID` or `SDK_URL_INVALID`, with the refused value and what to enter.
 */
export function fillScriptHtml(html: string, options: ScriptHtmlOptions): string {
  const origin = programOrigin(options.programDomain);
  if (origin === undefined) {
    throw new RangeError(
      `PROGRAM_DOMAIN_INVALID: ${JSON.stringify(options.programDomain)} is not a program domain. Enter its bare host name, such as share.brand.com.`,
    );
  }
  if (!/^(https:\/\/|http:\/\/localhost[:/]|\/(?!\/))[^\s"'<>`{}\\]+$/.test(options.sdkUrl)) {
    throw new RangeError(
      `SDK_URL_INVALID: ${JSON.stringify(options.sdkUrl)} is not an address of the SDK. Give an https:// address or a path that starts with one slash.`,
    );
  }
  const marks: Record<string, string> = {
    CONFIG: scriptLiteral({
      programDomain: options.programDomain.trim().toLowerCase(),
      ...(options.channelId === undefined ? {} : { channelId: options.channelId }),
      ...(options.zones === undefined ? {} : { zones: options.zones }),
    }),
    CORE_URL: `${origin}/core.js`,
    SDK_URL: options.sdkUrl.replaceAll('&', '&amp;'),
  };
  return html.replace(/%%([A-Z_]+)%%/g, (mark, name: string) => marks[name] ?? mark);
}

// `<` could end the script and `{{` would be read by BigCommerce's Handlebars; both are the same string when escaped.
function scriptLiteral(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]|\{\{|\}\}/g, (found) =>
    [...found].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
}
