import type { QueuedCall, StorefrontGlobal } from './global.js';
import { takePage } from './page.js';
import { version as ownVersion } from './sdk.js';
import type {
  Customer,
  PageContext,
  StorefrontConfig,
  ZoneEventListener,
  ZoneEventType,
  ZoneOptions,
} from './types.js';

export type { DefaultField } from '../catalog/event-data-fields.js';
export type { KnownZoneName } from '../catalog/zones.js';
export type { StorefrontErrorCode } from './errors.js';
export type { ExtoleZoneElement, QueuedCall, StorefrontApi, StorefrontGlobal } from './global.js';
export type {
  Customer,
  Data,
  PageContext,
  StorefrontConfig,
  Verification,
  ZoneEventDetail,
  ZoneEventListener,
  ZoneEventType,
  ZoneOptions,
} from './types.js';

/** The version of this SDK. */
export const version = ownVersion;

/** What the page had on the global before we took it. */
let before: StorefrontConfig = {};
let hasPage = false;

/**
 * The page's queue: that of whoever has the page, a script tag or this module, or, as long as nobody has it, one that waits for
 * the start. On a server nobody is there.
 */
function queue(): Pick<QueuedCall[], 'push'> | undefined {
  if (typeof window === 'undefined') return undefined;
  const page: StorefrontGlobal = (window.extoleStorefront ??= {});
  if (page.version) return page.q;
  page.q ??= [];
  return page.q;
}

/**
 * Starts the SDK: loads the core tag from the program domain and asks for each `<extole-zone>` on the page, now and
 * later.
 *
 * Returns at once and never throws; what becomes of each zone is told by its events. On a server it does nothing.
 * A second call adds to the configuration, and tries the core tag anew where it failed. Where consent is required and not
 * given, it waits for it: no request, no cookie, no storage. Where a script tag started the SDK before, that one gets the
 * configuration.
 *
 * @param options - What to start with. Members given earlier stay.
 *   A `programDomain` that is no bare host name is reported as `PROGRAM_DOMAIN_INVALID`, and nothing is loaded.
 * @example
 * start({ programDomain: 'share.brand.com' });
 */
export function start(options: StorefrontConfig = {}): void {
  if (typeof window === 'undefined') return;
  const page = window.extoleStorefront;
  if (page?.version) page.start(options);
  else {
    // Its calls are carried out; its configuration counts again at a later start.
    const { q, ...configuration } = page ?? {};
    before = configuration;
    hasPage = true;
    takePage({}, options);
  }
}

/**
 * Adds to what is known about the page, and asks again for the zones whose data changed by it.
 *
 * @param partial - Top-level objects of the page context. Each replaces the whole object of its name.
 */
export function setContext(partial: PageContext): void {
  queue()?.push(['setContext', [partial]]);
}

/**
 * Says who is signed in, and asks again for the zones whose data changed by it. Extole forgets a former shopper first.
 *
 * @param customer - The shopper, or `null` for a guest.
 */
export function identify(customer: Customer | null): void {
  queue()?.push(['identify', [customer]]);
}

/**
 * Asks for a zone from a script. Before the SDK has started the call waits.
 *
 * With an element it is a zone like any other on the page. Without one it is asked for once: an overlay, or one of
 * Extole's event tags (`conversion`, `registration`).
 */
export function createZone(options: ZoneOptions): void {
  queue()?.push(['createZone', [options]]);
}

/** Asks again for every zone on the page, whether or not its data changed. */
export function refresh(): void {
  queue()?.push(['refresh']);
}

/**
 * Says whether the shopper agrees that Extole is asked. Where consent is required, everything that waited begins with the
 * first `true`.
 *
 * With `false` Extole forgets the shopper where it is loaded, and no zone is asked for any more; what shows stays.
 *
 * @param isGranted - Anything but `true` counts as `false`.
 */
export function consent(isGranted: boolean): void {
  queue()?.push(['consent', [isGranted]]);
}

/**
 * Takes the shopper for a guest from now on, and has Extole forget who it was: at once where the core tag is there,
 * else as soon as it comes. Zones wait for that.
 */
export function logout(): void {
  queue()?.push(['logout']);
}

/**
 * Stops the SDK: it asks for no further zone, forgets all that was said, and gives back what it listens to and
 * `window.extoleStorefront` as it was. Creatives stay, and so does the core tag.
 */
export function stop(): void {
  if (typeof window === 'undefined') return;
  const page = window.extoleStorefront;
  if (page?.version) page.stop();
  if (!hasPage) return;
  hasPage = false;
  if (Object.keys(before).length > 0) window.extoleStorefront = before;
  else delete window.extoleStorefront;
}

/** Calls the listener for each event of the type, wherever on the page, until {@link off} or {@link stop}. */
export function on(type: ZoneEventType, listener: ZoneEventListener): void {
  queue()?.push(['on', [type, listener]]);
}

/** Takes back an {@link on}. */
export function off(type: ZoneEventType, listener: ZoneEventListener): void {
  queue()?.push(['off', [type, listener]]);
}
