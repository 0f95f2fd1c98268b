import type { StorefrontApi } from './global.js';
import { takePage } from './page.js';
import * as own from './sdk.js';
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
export const version = own.version;

let hasPage = false;

/** The copy of the SDK that has the page: that of a script tag, where one came before us. */
function sdk(): StorefrontApi {
  const page = typeof window === 'undefined' ? undefined : window.extoleStorefront;
  // An older one may lack a method.
  return page?.version ? { ...own, ...page } : own;
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
  if (window.extoleStorefront?.version) sdk().start(options);
  else {
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
  sdk().setContext(partial);
}

/**
 * Says who is signed in, and asks again for the zones whose data changed by it. Extole forgets a former shopper first.
 *
 * @param customer - The shopper, or `null` for a guest.
 */
export function identify(customer: Customer | null): void {
  sdk().identify(customer);
}

/**
 * Asks for a zone from a script. Before the SDK has started the call waits.
 *
 * With an element it is a zone like any other on the page. Without one it is asked for once: an overlay, or one of
 * Extole's event tags (`conversion`, `registration`).
 */
export function createZone(options: ZoneOptions): void {
  sdk().createZone(options);
}

/** Asks again for every zone on the page, whether or not its data changed. */
export function refresh(): void {
  sdk().refresh();
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
  sdk().consent(isGranted);
}

/**
 * Takes the shopper for a guest from now on, and has Extole forget who it was: at once where the core tag is there,
 * else as soon as it comes. Zones wait for that.
 */
export function logout(): void {
  sdk().logout();
}

/**
 * Stops the SDK: it asks for no further zone, forgets all that was said, and gives back what it listens to and
 * `window.extoleStorefront`. Creatives stay, and so does the core tag.
 */
export function stop(): void {
  sdk().stop();
  if (hasPage) delete window.extoleStorefront;
  hasPage = false;
}

/** Calls the listener for each event of the type, wherever on the page, until {@link off} or {@link stop}. */
export function on(type: ZoneEventType, listener: ZoneEventListener): void {
  sdk().on(type, listener);
}

/** Takes back an {@link on}. */
export function off(type: ZoneEventType, listener: ZoneEventListener): void {
  sdk().off(type, listener);
}
