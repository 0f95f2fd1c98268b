import { programOrigin } from '../catalog/program-domain.js';
import { VERSION } from '../catalog/version.js';
import { config, configure } from './config.js';
import { hasConsent, heedBanner, setConsent } from './consent.js';
import { installQueue, isCoreReady, loadCoreTag, queued, removeQueue } from './core-tag.js';
import { forget, pageContext, say } from './page-context.js';
import { beginParts, endParts, isStarted, withPart } from './parts.js';
import { fail, isDebugging } from './report.js';
import { forgetMeeting, leaveShopper } from './signed-in.js';
import type {
  Customer,
  PageContext,
  StorefrontConfig,
  ZoneEventListener,
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
  type Preview,
  removeZone,
  watchCreatives,
  zones,
} from './zones.js';

const isServer = typeof document === 'undefined';
let listening: AbortController | undefined;
let stopCore: (() => void) | undefined;

/** The version of this SDK. */
export const version = VERSION;

/** What the diagnosis looks at. */
const inside = { config: () => config, zones, context: pageContext, hasConsent, isCoreReady };

/**
 * Starts the SDK: loads the core tag from the program domain and asks for each `<extole-zone>` on the page, now and
 * later.
 *
 * Returns at once and never throws; what becomes of each zone is told by its events. On a server it does nothing.
 * A second call adds to the configuration, and tries the core tag anew where it failed. Where consent is required and not
 * given, it waits for it: no request, no cookie, no storage.
 *
 * @param options - What to start with. Members given earlier stay.
 *   A `programDomain` that is no bare host name is reported as `PROGRAM_DOMAIN_INVALID`, and nothing is loaded.
 * @example
 * start({ programDomain: 'share.brand.com' });
 */
export function start(options: StorefrontConfig = {}): void {
  if (isServer) return;
  configure(options);
  if (!isStarted()) {
    beginParts();
    heedBanner(consent);
    addEventListener('pageshow', onPageShow);
    // Out of the way of the core tag.
    setTimeout(() => {
      if (isDebugging()) withPart(import('./debug-panel.js'), (part) => part.showPanel(inside));
    });
  }
  if (!hasConsent()) {
    close();
    return;
  }
  const { programDomain, preview, context } = config;
  const origin = programOrigin(programDomain);
  if (!origin) fail(document, 'PROGRAM_DOMAIN_INVALID', '', programDomain);
  // A guess may change what an editor sees, and never keep an order from being told.
  else if (preview ?? (window !== top && !context?.order)) {
    withPart(
      import('./preview.js'),
      (part) => void open(origin, part.previewFor(preview)),
      () => open(origin),
    );
  } else open(origin);
}

function open(origin: string, preview?: Preview): void {
  // It may have been withdrawn while a part was on its way.
  if (!hasConsent()) return;
  stopCore?.();
  openZones(preview);
  if (!preview) {
    installQueue();
    stopCore = loadCoreTag(origin, watchCreatives, failWaiting);
  }
  defineZoneElement();
  askAgain();
  if (config.zones || config.conversion) {
    withPart(import('./automatic.js'), (part) => part.begin(config, setContext, createZone, queued));
  }
}

/** A page that comes back from the back/forward cache is as it was; what it knows may not hold any more. */
function onPageShow({ persisted }: PageTransitionEvent): void {
  if (!persisted) return;
  forgetMeeting();
  start();
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
  if (isServer) return;
  const had = hasConsent();
  setConsent(isGranted === true);
  if (had === hasConsent()) return;
  if (!had) {
    if (isStarted()) start();
    return;
  }
  if (isCoreReady()) leaveShopper();
  else forgetMeeting();
  close();
}

/** Asks for nothing any more, for now. */
function close(): void {
  stopCore?.();
  closeZones();
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
 * Asks for a zone from a script. Before the SDK has started the call waits.
 *
 * With an element it is a zone like any other on the page. Without one it is asked for once: an overlay, or one of
 * Extole's event tags (`conversion`, `registration`).
 */
export function createZone({ name, element, eventData, fields }: ZoneOptions): void {
  const request = { name, eventData, fields: fields?.join(' ') ?? null };
  addZone({ element, read: () => request });
}

/** Asks again for every zone on the page, whether or not its data changed. */
export function refresh(): void {
  askAgain(true);
}

/**
 * Takes the shopper for a guest from now on, and has Extole forget who it was: at once where the core tag is there,
 * else as soon as it comes. Zones wait for that.
 */
export function logout(): void {
  if (isServer) return;
  // Before that nobody was told of anyone, but by an earlier page, whose mark is heeded once consent is given.
  if (hasConsent()) leaveShopper();
  identify(null);
}

/**
 * Stops the SDK: it asks for no further zone, forgets all that was said, and gives back what it listens to. Creatives stay, and
 * so does the core tag.
 */
export function stop(): void {
  if (isServer) return;
  endParts();
  removeEventListener('pageshow', onPageShow);
  close();
  zones.forEach(removeZone);
  removeQueue();
  forget();
  forgetMeeting();
  setConsent(undefined);
  configure();
  listening?.abort();
  listening = undefined;
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
