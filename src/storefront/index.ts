import { programOrigin } from '../catalog/program-domain.js';
import { VERSION } from '../catalog/version.js';
import { installQueue, isCoreReady, loadCoreTag } from './core-tag.js';
import { findNames, forget, say, setPage } from './page-context.js';
import { fail, setDebug } from './report.js';
import type {
  Customer,
  PageContext,
  StorefrontConfig,
  ZoneEventDetail,
  ZoneEventType,
  ZoneOptions,
} from './types.js';
import { defineZoneElement } from './zone-element.js';
import {
  addZone,
  askAgain,
  closeZones,
  failWaiting,
  openZones,
  schedule,
  watchCreatives,
  type Zone,
} from './zones.js';

export type { StorefrontErrorCode } from './errors.js';
export type {
  Customer,
  Data,
  PageContext,
  StorefrontConfig,
  ZoneEventDetail,
  ZoneEventType,
  ZoneOptions,
} from './types.js';

/** A listener for the SDK's events. */
export type ZoneEventListener = (event: CustomEvent<ZoneEventDetail>) => void;

declare global {
  interface DocumentEventMap extends Record<ZoneEventType, CustomEvent<ZoneEventDetail>> {}
  interface HTMLElementEventMap extends Record<ZoneEventType, CustomEvent<ZoneEventDetail>> {}
}

const isServer = typeof document === 'undefined';
let config: StorefrontConfig = {};
let stopCore: (() => void) | undefined;
let isStarted = false;
let isLogoutDue = false;
let listening: AbortController | undefined;

/** The version of this SDK. */
export const version = VERSION;

/**
 * Starts the SDK: loads the core tag from the program domain and asks for each `<extole-zone>` on the page, now and
 * later.
 *
 * Returns at once and never throws; what becomes of each zone is told by its events. On a server it does nothing.
 * A second call adds to the configuration, and tries the core tag anew where it failed.
 *
 * @param options - What to start with. Members given earlier stay.
 *   A `programDomain` that is no bare host name is reported as `PROGRAM_DOMAIN_INVALID`, and nothing is loaded.
 * @example
 * start({ programDomain: 'share.brand.com' });
 */
export function start(options: StorefrontConfig = {}): void {
  if (isServer) return;
  config = { ...config, ...options };
  setDebug(config.debug);
  const origin = programOrigin(config.programDomain);
  if (!origin) {
    fail(document, 'PROGRAM_DOMAIN_INVALID', '', `${config.programDomain ?? ''}`);
    return;
  }
  stopCore?.();
  openZones();
  installQueue();
  stopCore = loadCoreTag({
    origin,
    nonce: config.nonce,
    timeoutMs: config.timeoutMs ?? 5000,
    onReady: () => {
      watchCreatives();
      if (isLogoutDue) forgetShopper();
    },
    onFailed: failWaiting,
  });
  setPage(config.context);
  findNames(config.storefrontApiToken);
  defineZoneElement();
  askAgain();
  if (!isStarted) {
    isStarted = true;
    for (const name of config.zones ?? []) createZone({ name });
  }
}

/**
 * Adds to what is known about the page, and asks again for the zones whose data changed by it.
 *
 * @param partial - Top-level objects of the page context. Each replaces the whole object of its name.
 */
export function setContext(partial: PageContext): void {
  say(partial);
  askAgain();
}

/**
 * Says who is signed in, and asks again for the zones whose data changed by it.
 *
 * @param customer - The shopper, or `null` for a guest.
 */
export function identify(customer: Customer | null): void {
  setContext({ customer });
}

/**
 * Asks for a zone from a script, once the SDK has started.
 *
 * With an element it is a zone like any other on the page. Without one it is asked for once: an overlay, or one of
 * Extole's event tags (`conversion`, `registration`).
 */
export function createZone({ name, element, eventData, fields }: ZoneOptions): void {
  const text = typeof eventData === 'object' ? JSON.stringify(eventData) : (eventData ?? null);
  const request = { name, eventData: text, fields: fields?.join(' ') ?? null };
  const zone: Zone = { element, read: () => request };
  if (element) addZone(zone);
  else schedule(zone);
}

/** Asks again for every zone on the page, whether or not its data changed. */
export function refresh(): void {
  askAgain(true);
}

/**
 * Takes the shopper for a guest from now on, and has Extole forget who it was: at once where the core tag is there,
 * else as soon as it comes.
 *
 * Source: Extole, JavaScript SDK, "userService.logout()".
 */
export function logout(): void {
  if (isServer) return;
  isLogoutDue = !isCoreReady();
  if (!isLogoutDue) forgetShopper();
  identify(null);
}

function forgetShopper(): void {
  window.extole?.require?.(['core-root:///common/user-service.js'], (userService) => userService.logout());
}

/**
 * Stops the SDK: it asks for no further zone, and forgets all that was said. Creatives stay, and calls that wait in Extole's
 * queue are still answered if the core tag comes.
 */
export function stop(): void {
  stopCore?.();
  closeZones();
  forget();
  listening?.abort();
  listening = undefined;
  config = {};
  isStarted = isLogoutDue = false;
}

/** Calls the listener for each event of the type, wherever on the page, until {@link off} or {@link stop}. */
export function on(type: ZoneEventType, listener: ZoneEventListener): void {
  if (isServer) return;
  listening ??= new AbortController();
  document.addEventListener(type, listener, { signal: listening.signal });
}

/** Takes back an {@link on}. */
export function off(type: ZoneEventType, listener: ZoneEventListener): void {
  if (!isServer) document.removeEventListener(type, listener);
}
