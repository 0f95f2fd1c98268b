import { createHash } from 'node:crypto';
import { VERSION } from '../catalog/version.js';
import type { ScriptFields, WidgetTemplateFields } from './bigcommerce-types.js';
import { fillScriptHtml, type ScriptHtmlOptions } from './script-html.js';

/** The categories of BigCommerce's consent banner. */
export const CONSENT_CATEGORIES = ['essential', 'functional', 'analytics', 'targeting'] as const;

/** What a merchant wants on one storefront. */
export interface ChannelSettings
  extends Pick<
    ScriptHtmlOptions,
    | 'programDomain'
    | 'consent'
    | 'consentCategory'
    | 'zones'
    | 'zoneHeightsPx'
    | 'conversion'
    | 'verification'
  > {
  readonly channelId: number;
  /** Under which category of BigCommerce's consent banner the scripts run. */
  readonly scriptConsentCategory: (typeof CONSENT_CATEGORIES)[number];
  /** Whether the order confirmation page has Extole too: its pop-up and, where {@link conversion} says so, the conversion. */
  readonly orderConfirmation: boolean;
}

/** What we bring along: the files of this version. */
export interface Release {
  /** `templates/script.html` */
  readonly scriptTemplate: string;
  /** The storefront SDK: an address that names its version and never changes, and the hash of what it serves. */
  readonly sdk: { readonly url: string; readonly integrity: string };
  /** The widget "Extole CTA Tag", as its files have it. */
  readonly widget: Omit<WidgetTemplateFields, 'channel_id'>;
}

/**
 * How the scripts of a page are cut: `whole`, one script with several tags; `split`, one script for each tag, where BigCommerce
 * takes no more.
 *
 * Source: BigCommerce, Scripts API: its specification says "exactly one `script` tag", its guide up to five.
 */
export type ScriptLayout = 'whole' | 'split';

/** A script that should be in a store. */
export interface WantedScript {
  readonly channelId: number;
  /** Which of the storefront's scripts it is: `storefront`, `order-confirmation-sdk`, … */
  readonly part: string;
  readonly fields: ScriptFields & { readonly description: string };
}

/** A widget template that should be in a store. */
export interface WantedTemplate {
  readonly channelId: number;
  readonly fields: WidgetTemplateFields;
}

/** BigCommerce takes so many characters of `html`. Source: OpenAPI file scripts.v3, `script_Base`. */
export const SCRIPT_HTML_LIMIT = 65_536;

/** Which pages get scripts of their own: BigCommerce shows those for the store's pages on no order confirmation. */
const PAGES = [
  { part: 'storefront', title: 'store pages', visibility: 'storefront', location: 'head' },
  // There the footer is the safer place. Source: BigCommerce, "Scripts", Script locations.
  {
    part: 'order-confirmation',
    title: 'order confirmation',
    visibility: 'order_confirmation',
    location: 'footer',
  },
] as const;

/**
 * The scripts that should be on a storefront.
 *
 * @throws {RangeError} The codes of {@link fillScriptHtml}; `SCRIPT_TOO_LARGE` when BigCommerce would not take one.
 */
export function wantedScripts(
  settings: ChannelSettings,
  release: Release,
  layout: ScriptLayout,
): WantedScript[] {
  const { channelId } = settings;
  return PAGES.filter(({ part }) => part === 'storefront' || settings.orderConfirmation).flatMap((page) => {
    const script = (part: string, name: string, ofItself: Partial<ScriptFields>): WantedScript => ({
      channelId,
      part,
      fields: described(part, {
        name,
        ...ofItself,
        location: page.location,
        visibility: page.visibility,
        auto_uninstall: true,
        consent_category: settings.scriptConsentCategory,
        enabled: true,
        channel_id: channelId,
      }),
    });
    const inline = (tags: 'all' | 'configuration'): Partial<ScriptFields> => ({
      kind: 'script_tag',
      load_method: 'default',
      html: htmlOf(settings, release, page.part, tags),
    });
    if (layout === 'whole') return [script(page.part, `Extole: ${page.title}`, inline('all'))];
    return [
      script(`${page.part}-configuration`, `Extole: ${page.title}, configuration`, inline('configuration')),
      script(`${page.part}-sdk`, `Extole: ${page.title}, SDK`, {
        kind: 'src',
        load_method: 'async',
        src: release.sdk.url,
        integrity_hashes: [release.sdk.integrity],
      }),
    ];
  });
}

function htmlOf(
  settings: ChannelSettings,
  { scriptTemplate, sdk }: Release,
  part: (typeof PAGES)[number]['part'],
  tags: 'all' | 'configuration',
): string {
  const {
    zones,
    zoneHeightsPx,
    conversion,
    scriptConsentCategory: _,
    orderConfirmation: __,
    ...shared
  } = settings;
  const html = fillScriptHtml(scriptTemplate, {
    ...shared,
    sdkUrl: sdk.url,
    sdkIntegrity: sdk.integrity,
    tags,
    ...(part === 'storefront'
      ? { ...(zones?.length && { zones }), ...(zoneHeightsPx && { zoneHeightsPx }) }
      : { zones: ['confirmation'], ...(conversion && { conversion }) }),
  }).trim();
  if (html.length <= SCRIPT_HTML_LIMIT) return html;
  throw new RangeError(
    `SCRIPT_TOO_LARGE: the ${part} script of channel ${settings.channelId} has ${html.length} characters, and BigCommerce takes ${SCRIPT_HTML_LIMIT}. Shorten its settings.`,
  );
}

/** The widget template that should be on a storefront. */
export function wantedTemplate(
  { channelId }: Pick<ChannelSettings, 'channelId'>,
  { widget }: Pick<Release, 'widget'>,
): WantedTemplate {
  const fields = { ...widget, channel_id: channelId };
  // A comment that prints nothing.
  const template = `{{!-- ${TEMPLATE_MARK} ${VERSION} ${fingerprint(fields)} --~}}\n${widget.template}`;
  return { channelId, fields: { ...fields, template } };
}

/*
 * What we know of a store is kept in the store: in a script's description and in the first line of a widget template. So whoever
 * publishes, from whatever machine, finds what was made before. The fingerprint tells of what BigCommerce does not show again.
 */
const SCRIPT_MARK = 'extole-bigcommerce';
const TEMPLATE_MARK = 'extole-bigcommerce:extole-cta-tag';
const SCRIPT_STATE = new RegExp(`${SCRIPT_MARK} (\\S+) \\(([a-z-]+), channel (\\d+), ([0-9a-f]+)\\)`);
const TEMPLATE_STATE = new RegExp(`${TEMPLATE_MARK} (\\S+) [0-9a-f]+`);

function described(part: string, fields: ScriptFields): ScriptFields & { description: string } {
  const state = `${SCRIPT_MARK} ${VERSION} (${part}, channel ${fields.channel_id}, ${fingerprint(fields)})`;
  return {
    ...fields,
    description: `Shows Extole's referral programs. Made by ${state}; use it to change or remove this script.`,
  };
}

/** What a script's description says that it is; `undefined` when it is none of ours. */
export function scriptState(
  description: string | undefined,
): { version: string; part: string; channelId: number } | undefined {
  const [, version, part, channel] = SCRIPT_STATE.exec(description ?? '') ?? [];
  return version && part && channel ? { version, part, channelId: Number(channel) } : undefined;
}

/** What a widget template says that it is; `undefined` when it is none of ours. */
export function templateState(template: string): { version: string } | undefined {
  const version = TEMPLATE_STATE.exec(template)?.[1];
  return version ? { version } : undefined;
}

function fingerprint(fields: object): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 12);
}
