import { programOrigin } from '../catalog/program-domain.js';
import { VERSION } from '../catalog/version.js';
import { OVERLAY_ZONE_NAMES } from '../catalog/zones.js';
import type { NotPlaced } from './automatic.js';
import type { StorefrontErrorCode } from './errors.js';
import { sentence } from './messages.js';
import type { MeetingState } from './shopper.js';
import type { Data, PageContext, StorefrontConfig, ZoneEventDetail } from './types.js';
import type { Zone } from './zones.js';

/** The box that a preview puts into a zone instead of asking for it. */
const PREVIEW_ID = 'extole-preview';

/** What the core lets a diagnosis see. */
export interface Inside {
  readonly config: () => StorefrontConfig;
  readonly zones: ReadonlySet<Zone>;
  readonly context: () => PageContext;
  readonly hasConsent: () => boolean;
  readonly isCoreReady: () => boolean;
}

/** One thing that was found. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  /** What a copied report says instead, where the text may tell of a shopper. */
  readonly shared?: string | undefined;
}

/** What was found about one subject. */
export interface Finding {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** What was found about each of the things that the subject is made of. */
  readonly items?: readonly Finding[];
}

const NAMES_LABEL = 'First and last name';

const NAMES: Readonly<Record<MeetingState['names'], string>> = {
  page: 'as the page gave them',
  graphql: "from BigCommerce's GraphQL Storefront API",
  split: 'a guess: the full name, split at the first space',
  unknown: 'not known',
};

const VERIFICATION: Readonly<Record<MeetingState['verification'], string>> = {
  off: 'Off: no verification is configured, so that Extole takes what the page says',
  pending: 'Under way',
  verified: 'Verified: BigCommerce and the app vouch for the shopper',
  failed: 'Failed: zones go unverified. Check that the app answers at the configured address',
};

const WHY_NOT_PLACED: Readonly<Record<NotPlaced['why'], string>> = {
  'in-page': 'The page has it already, from a widget or the theme.',
  'asked-by-others': 'A script other than the SDK asks Extole for it.',
  'no-region':
    'The theme has no place for it. Drag it in Page Builder, or write an <extole-zone> into the theme.',
  'not-a-product-page': 'It shows on product pages only.',
  checkout: 'Nothing shows on the checkout page.',
};

/**
 * Finds out how the SDK fares on this page.
 *
 * @param failures - What was told by events, oldest first. Anybody may have sent one.
 */
export async function diagnose(
  inside: Inside,
  failures: readonly ZoneEventDetail[],
): Promise<readonly Finding[]> {
  const config = inside.config();
  return [
    pageOf(inside, config),
    coreTagOf(inside, config, failures),
    { title: 'Shopper', facts: [consentOf(inside, config), ...(await shopperOf(inside.context()))] },
    { title: 'Zones', facts: [], items: zonesOf(inside) },
    { title: 'Automatic zones that were not placed', facts: await notPlacedOf(config) },
    { title: 'Latest errors', facts: errorsOf(failures) },
  ];
}

/** The findings as text for a support ticket. It holds nothing about the shopper, and no value of the event data. */
export function reportOf(findings: readonly Finding[]): string {
  // One line for each fact: no value can pretend to be another one.
  const line = (text: string): string => text.replace(/\s+/g, ' ');
  const write = (level: string, { title, facts, items = [] }: Finding): readonly string[] => [
    `\n${level} ${line(title)}\n`,
    ...(facts.length + items.length > 0 ? [] : ['None']),
    ...facts.map(({ label, text, shared }) => `- ${line(label)}: ${line(shared ?? text)}`),
    ...items.flatMap((item) => write(`${level}#`, item)),
  ];
  return [
    `# Extole diagnosis of ${new Date().toISOString()}`,
    ...findings.flatMap((finding) => write('##', finding)),
  ].join('\n');
}

function pageOf({ context }: Inside, config: StorefrontConfig): Finding {
  const { programDomain } = config;
  const { page, ...others } = context();
  const domain = textOf(programDomain ?? '');
  const known = Object.entries({ page, ...others }).flatMap(([name, value]) => (value ? [name] : []));
  return {
    title: 'Page',
    facts: [
      { label: 'SDK version', text: VERSION },
      {
        label: 'Program domain',
        text: programOrigin(programDomain) ? domain : sentence('PROGRAM_DOMAIN_INVALID', domain),
      },
      { label: 'Address', text: location.href, shared: addressOf(location.href) },
      { label: 'Page type', text: textOf(page?.type ?? 'not given') },
      { label: 'Page context', text: known.join(', ') },
      { label: 'Configuration', text: configurationOf(config) },
      { label: 'Browser', text: navigator.userAgent },
    ],
  };
}

/** What of the configuration is worth knowing, and nobody's secret. */
const CONFIGURATION: readonly (keyof StorefrontConfig)[] = [
  'channelId',
  'zones',
  'consentCategory',
  'conversion',
  'preview',
  'timeoutMs',
];

function configurationOf(config: StorefrontConfig): string {
  const given = CONFIGURATION.flatMap((name) =>
    config[name] === undefined ? [] : [`${name} ${textOf(config[name])}`],
  );
  if (config.storefrontApiToken) given.push('storefrontApiToken (not shown)');
  if (config.verification) given.push(`verification ${addressOf(config.verification.url)}`);
  return given.join(', ') || 'nothing but the program domain';
}

function coreTagOf(
  { hasConsent, isCoreReady }: Inside,
  config: StorefrontConfig,
  failures: readonly ZoneEventDetail[],
): Finding {
  const tags = Array.from(document.querySelectorAll<HTMLScriptElement>('script[src*="/core.js"]'));
  const failure = failures.filter(({ code }) => /^EXTOLE_(CORE|GLOBAL)_/.test(`${code}`)).pop();
  const state = (): string => {
    if (isCoreReady()) return 'Ready';
    if (!hasConsent()) return 'Waits for consent';
    if (failure) return `Failed: ${adviceOn(failure)}`;
    return tags.length > 0 ? 'Loading' : 'Not on the page';
  };
  // One that was tried in vain is off the page again, and the browser still has its time.
  const addresses = new Set([
    ...tags.map(({ src }) => src),
    `${programOrigin(config.programDomain)}/core.js`,
  ]);
  const times = Array.from(addresses).flatMap((address) => {
    const entry = performance.getEntriesByName?.(address).pop();
    const tag = tags.find(({ src }) => src === address);
    if (!entry && !tag) return [];
    const type = tag?.type ? ` (type ${tag.type})` : '';
    const time = entry
      ? `took ${Math.round(entry.duration)} ms, until ${Math.round(entry.startTime + entry.duration)} ms after the page's start`
      : 'the browser has no time for it';
    return [{ label: 'File', text: `${addressOf(address)}${type}: ${time}` }];
  });
  return { title: 'Core tag', facts: [{ label: 'State', text: state() }, ...times] };
}

function consentOf({ hasConsent }: Inside, { consent }: StorefrontConfig): Fact {
  const isRequired = consent === 'required';
  const given = isRequired ? 'Required, and given' : 'Not required';
  const missing = isRequired ? 'Required, and not given: Extole is asked for nothing until it is' : 'Refused';
  return { label: 'Consent', text: hasConsent() ? given : missing };
}

async function shopperOf({ customer }: PageContext): Promise<readonly Fact[]> {
  if (!customer) {
    return [{ label: 'Shopper', text: customer === null ? 'A guest' : 'The page does not say who it is' }];
  }
  const { id, email, first_name, last_name, name } = customer;
  const known = Object.entries({ id, email, first_name, last_name, name }).filter(([, value]) => value);
  const shopper: Fact = {
    label: 'Shopper',
    text: `Signed in: ${known.map(([key, value]) => `${key} ${textOf(value)}`).join(', ')}`,
    shared: `Signed in: ${known.map(([key]) => key).join(', ')}`,
  };
  const { isSignedIn, names, verification, hasLoggedOut } = (await import('./shopper.js')).describe();
  if (!isSignedIn) return [shopper, { label: NAMES_LABEL, text: 'looked for when a zone is asked for' }];
  return [
    shopper,
    { label: NAMES_LABEL, text: NAMES[names] },
    { label: 'Verification', text: VERIFICATION[verification] },
    ...(hasLoggedOut
      ? [{ label: 'Logout', text: 'Extole has forgotten the shopper of an earlier page' }]
      : []),
  ];
}

function zonesOf(inside: Inside): readonly Finding[] {
  const zones = Array.from(inside.zones);
  const taken = new Set(zones.map(({ element }) => element));
  const others = Array.from(document.querySelectorAll<HTMLElement>('extole-zone')).filter(
    (element) => !taken.has(element),
  );
  return [
    ...zones.map((zone) => zoneOf(zone, stateOf(zone, inside))),
    ...others.map((element) => ({
      title: titleOf(element.getAttribute('name'), whyNotTaken(element, inside)),
      facts: [],
    })),
  ];
}

const titleOf = (name: unknown, state: string): string =>
  `${textOf(name ?? '').trim() || '(no name)'}: ${state}`;

function whyNotTaken(element: HTMLElement, { hasConsent }: Inside): string {
  if (!hasConsent()) return 'waits for consent';
  return element.getAttribute('loading') === 'lazy'
    ? 'waits until it comes near what is seen (loading="lazy")'
    : 'not taken up';
}

function stateOf(zone: Zone, { zones, hasConsent, isCoreReady }: Inside): string {
  const { element, name = '', asked, call, failure } = zone;
  if (call && isCoreReady()) return 'asked for, and Extole has not answered';
  // With its custom event data left out, a zone shows all the same.
  if (failure && failure.code !== 'EVENT_DATA_INVALID') return `failed (${failure.code})`;
  if (call) return 'waits for the core tag';
  if (!asked) return hasConsent() ? 'waits until it is known who the shopper is' : 'waits for consent';
  if (element?.shadowRoot?.getElementById(PREVIEW_ID)) return 'shown as a preview, not asked for';
  if (element && !OVERLAY_ZONE_NAMES.includes(name)) return 'rendered';
  return Array.from(zones).find((other) => other.name === name) === zone
    ? 'asked for and answered'
    : 'left to the first of its name';
}

function zoneOf(zone: Zone, state: string): Finding {
  const { asked, custom, element, failure, name, read } = zone;
  const [settings]: readonly { readonly data?: Data }[] = asked ? JSON.parse(asked) : [];
  const data = Object.entries(settings?.data ?? {});
  return {
    title: titleOf(name ?? read().name, state),
    facts: [
      { label: 'Asked for by', text: element ? `<${element.localName}>` : 'a script, without an element' },
      ...(failure ? [{ label: 'Error', ...toldOf(failure) }] : []),
      ...(custom?.unresolved ?? []).map((written) => ({
        label: 'Unresolved',
        text: sentence('PLACEHOLDER_UNRESOLVED', written),
      })),
      ...data.map(([key, value]) => ({
        label: `data.${key}`,
        text: JSON.stringify(value),
        shared: shapeOf(value),
      })),
    ],
  };
}

async function notPlacedOf({ zones = [] }: StorefrontConfig): Promise<readonly Fact[]> {
  if (zones.length === 0) return [];
  const { notPlaced } = await import('./automatic.js');
  return notPlaced().map(({ name, why }) => ({ label: textOf(name), text: WHY_NOT_PLACED[why] }));
}

/** The failures, newest first. What befell several zones is told once. */
function errorsOf(failures: readonly ZoneEventDetail[]): readonly Fact[] {
  const told = new Map<string, { readonly names: Set<string>; readonly shared: string }>();
  for (const failure of failures.slice().reverse()) {
    const { text, shared } = toldOf(failure);
    const { names } = told.get(text) ?? { names: new Set() };
    told.set(text, { names: names.add(textOf(failure.name) || 'the page'), shared });
  }
  return Array.from(told, ([text, { names, shared }]) => ({
    label: Array.from(names).join(', '),
    text,
    shared,
  }));
}

function toldOf(failure: ZoneEventDetail): { readonly text: string; readonly shared: string } {
  const { code, message = '' } = failure;
  // Not the status of an answer, but what somebody's script threw.
  const isThrown = code === 'EXTOLE_ZONE_FAILED' && /\D/.test(message);
  return {
    text: adviceOn(failure),
    shared: adviceOn(isThrown ? { ...failure, message: shapeOf(message) } : failure),
  };
}

// Whatever reports a failure gives one of our codes.
const isOurs = (code: string | undefined): code is StorefrontErrorCode => code !== undefined;

function adviceOn({ code, name, message, willRetry }: ZoneEventDetail): string {
  try {
    if (isOurs(code)) return `${sentence(code, message ?? name)}${willRetry ? ' It may still come.' : ''}`;
  } catch {
    // An event that somebody else made up.
  }
  return textOf(code);
}

/** An address without what may tell of a shopper: the values of its query, its fragment, its user. */
function addressOf(address: string): string {
  try {
    const { origin, pathname, searchParams } = new URL(address, document.baseURI);
    // A word without a value, or with other signs in it, may be a value itself.
    const query = Array.from(searchParams, ([key, value]) =>
      value && /^[\w-]+$/.test(key) ? `${key}=…` : '…',
    );
    return `${origin}${pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  } catch {
    return 'not an address';
  }
}

/** What kind of value it is, and how long, but nothing of it. */
function shapeOf(value: unknown): string {
  if (typeof value === 'string') return `string(${value.length})`;
  if (Array.isArray(value)) return `array(${value.length})`;
  return value === null ? 'null' : typeof value;
}

/** Any value as text; a page may say whatever it likes. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
