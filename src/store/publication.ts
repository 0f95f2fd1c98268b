import { createHash } from 'node:crypto';
import type { ConsentCategory } from '../catalog/consent-categories.js';
import type { Script, ScriptFields, WidgetTemplate, WidgetTemplateFields } from './bigcommerce-types.js';
import { parseJson } from './parse-json.js';
import { fillScriptHtml, type ScriptHtmlOptions } from './script-html.js';
import { StoreError } from './store-error.js';

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
  readonly scriptConsentCategory: ConsentCategory;
  /** Whether the order confirmation page has Extole too: its pop-up and, where {@link conversion} says so, the conversion. */
  readonly orderConfirmation: boolean;
  /** Whether that page shows the pop-up. It does unless said otherwise. */
  readonly confirmationPopUp?: boolean;
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

/** Which of our objects something is. */
export interface Mark {
  /** `storefront`, `order-confirmation-sdk`, `cta-tag`, … */
  readonly part: string;
  readonly channelId: number;
}

/** A script that should be in a store. */
export interface WantedScript extends Mark {
  readonly fields: ScriptFields;
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
  { part: 'storefront', title: 'Extole: store pages', visibility: 'storefront', location: 'head' },
  {
    part: 'order-confirmation',
    title: 'Extole: order confirmation',
    visibility: 'order_confirmation',
    // There the footer is the safer place. Source: BigCommerce, "Scripts", Script locations.
    location: 'footer',
  },
] as const;

/** What our scripts are called, by part: by a page's own, or by those that its script is split into. */
const SCRIPT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  PAGES.flatMap(({ part, title }) => [
    [part, title],
    [`${part}-configuration`, `${title}, configuration`],
    [`${part}-sdk`, `${title}, SDK`],
  ]),
);

/**
 * The scripts that should be on a storefront.
 *
 * @throws {StoreError} The codes of {@link fillScriptHtml}; `SCRIPT_TOO_LARGE` when BigCommerce would not take one.
 */
export function wantedScripts(
  settings: ChannelSettings,
  release: Release,
  layout: ScriptLayout,
): WantedScript[] {
  const { channelId } = settings;
  return PAGES.filter(({ part }) => part === 'storefront' || settings.orderConfirmation).flatMap((page) => {
    const script = (
      part: string,
      ofItself: Pick<ScriptFields, 'kind' | 'html' | 'src' | 'load_method' | 'integrity_hashes'>,
    ): WantedScript => ({
      channelId,
      part,
      fields: described(part, {
        name: SCRIPT_NAMES[part] ?? part,
        ...ofItself,
        location: page.location,
        visibility: page.visibility,
        auto_uninstall: true,
        consent_category: settings.scriptConsentCategory,
        enabled: true,
        channel_id: channelId,
      }),
    });
    const inline = (tags: 'all' | 'configuration') =>
      ({
        kind: 'script_tag',
        load_method: 'default',
        html: htmlOf(settings, release, page.part, tags),
      }) as const;
    if (layout === 'whole') return [script(page.part, inline('all'))];
    return [
      script(`${page.part}-configuration`, inline('configuration')),
      script(`${page.part}-sdk`, {
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
    confirmationPopUp = true,
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
      : { ...(confirmationPopUp && { zones: ['confirmation'] }), ...(conversion && { conversion }) }),
  }).trim();
  if (html.length <= SCRIPT_HTML_LIMIT) return html;
  throw new StoreError(
    'SCRIPT_TOO_LARGE',
    `the ${part} script of channel ${settings.channelId} has ${html.length} characters, and BigCommerce takes ${SCRIPT_HTML_LIMIT}. Shorten its settings.`,
  );
}

/** The widget template that should be on a storefront. */
export function wantedTemplate(channelId: number, { widget }: Pick<Release, 'widget'>): WantedTemplate {
  const fields = { ...widget, channel_id: channelId };
  // A comment that prints nothing. It names no version, so that a release without changes of the widget is none to its users.
  const template = `{{!-- ${markText('cta-tag', channelId, fields)} --~}}\n${widget.template}`;
  return { channelId, fields: { ...fields, template } };
}

/*
 * What we know of a store is kept in the store: in a script's description and in the first line of a widget template. So whoever
 * publishes, from whatever machine, finds what was made before. The fingerprint is of all that was sent, and so tells of what
 * BigCommerce does not show again, or shows in another form.
 */
const MARK = /extole-bigcommerce:([a-z-]+):(\d+):[0-9a-f]+/;

function markText(part: string, channelId: number, sent: object): string {
  const fingerprint = createHash('sha256').update(JSON.stringify(sent)).digest('hex').slice(0, 12);
  return `extole-bigcommerce:${part}:${channelId}:${fingerprint}`;
}

function described(part: string, fields: ScriptFields): ScriptFields {
  const mark = markText(part, fields.channel_id, fields);
  return {
    ...fields,
    description: `Shows Extole's referral programs. Made by extole-bigcommerce publish, which also changes and removes it. (${mark})`,
  };
}

function markIn(text: string | null | undefined): Mark | undefined {
  const [, part, channel] = MARK.exec(text ?? '') ?? [];
  return part && channel ? { part, channelId: Number(channel) } : undefined;
}

/**
 * Which of our scripts one is; `undefined` when it is none of ours. A script whose description was emptied is known by its
 * name: BigCommerce shows an API account the scripts that it made, and no others.
 */
export function scriptMark({ description, name, channel_id }: Script): Mark | undefined {
  const marked = markIn(description);
  if (marked) return marked;
  const [part] = Object.entries(SCRIPT_NAMES).find(([, known]) => known === name) ?? [];
  return part && channel_id ? { part, channelId: channel_id } : undefined;
}

/** Which of our widget templates one is; `undefined` when it is none of ours. */
export function templateMark({ template }: WidgetTemplate): Mark | undefined {
  return markIn(template);
}

/** The settings that a script's html holds, each as JSON, by name. None where it was edited beyond recognition. */
export function settingsIn(html: string): ReadonlyMap<string, string> {
  const [, literal = '{}'] = /Object\.assign\((\{.*?\}), \{\s/s.exec(html) ?? [];
  const settings = Object.entries(Object(parseJson(literal)));
  return new Map(settings.map(([name, value]) => [name, JSON.stringify(value)]));
}
