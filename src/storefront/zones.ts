import { OVERLAY_ZONE_NAMES } from '../catalog/zones.js';
import { isCoreReady, type OnFailed, takeBack } from './core-tag.js';
import type { FilledEventData } from './custom-event-data.js';
import type { StorefrontErrorCode } from './errors.js';
import { customEventData, defaultEventData } from './event-data.js';
import { pageContext } from './page-context.js';
import { emit, fail } from './report.js';
import { meetShopper, shopper } from './signed-in.js';
import type { CreateZoneSettings, Data, ZoneEventDetail } from './types.js';

/** What a zone asks for at the moment: its attributes, or the options of a script. */
export interface ZoneRequest {
  readonly name: string;
  /** Custom event data, if any. */
  readonly eventData: string | Data | null | undefined;
  /** A space-separated list of default fields; `null` for all of them. */
  readonly fields: string | null;
}

/** A zone on the page, and what became of it. */
export interface Zone {
  readonly element: HTMLElement | undefined;
  /** Reads what the zone asks for now. */
  readonly read: () => ZoneRequest;
  /** The last request, `[settings, problem]` as JSON: the same one is never made twice. */
  asked?: string | undefined;
  /** Its name when it was looked at last. */
  name?: string;
  /** Whether its data changed while Extole was answering. */
  isStale?: boolean;
  /** How it failed, until it is asked for again or a creative comes. */
  failure?: ZoneEventDetail | undefined;
  /** What came of its custom event data, if it has some. */
  custom?: FilledEventData | undefined;
  /** The call that Extole has not answered yet. */
  call?: CreateZoneSettings | undefined;
  /** What the merchant put inside, kept for when no creative comes. */
  fallback?: readonly ChildNode[];
  /** What stood inside when Extole was asked; it goes when the creative comes. */
  before?: readonly ChildNode[] | undefined;
}

/** Shows what a zone would ask for, instead of asking for it. */
export type Preview = (zone: Zone, data: Data) => void;

let isOpen = false;
let preview: Preview | undefined;
const due = new Set<Zone>();
let observer: MutationObserver | undefined;
let coreFailure: Parameters<OnFailed> | undefined;

/** All zones on the page, and those that were asked for without an element. */
export const zones = new Set<Zone>();

/**
 * Starts to ask for zones, those that were taken up before included.
 *
 * @param show - Where given, zones are shown by it and not asked for.
 */
export function openZones(show?: Preview): void {
  isOpen = true;
  preview = show;
  coreFailure = undefined;
  queueMicrotask(askDue);
}

/**
 * Starts to look for creatives, now that Extole is there: one may come before or after Extole says that the zone is done.
 */
export function watchCreatives(): void {
  observer ??= new MutationObserver(() => zones.forEach(showCreative));
  for (const { element } of zones) if (element) observer.observe(element, { childList: true });
}

/** Stops to ask for zones, and takes back the calls that Extole has not taken over. What they show stays. */
export function closeZones(): void {
  observer?.disconnect();
  observer = undefined;
  isOpen = false;
  zones.forEach(withdraw);
}

/** Takes up a zone, and asks for it soon. */
export function addZone(zone: Zone): void {
  zones.add(zone);
  schedule(zone);
}

/** Lets go of a zone whose element left the page. Coming back, it is asked for only if its data changed. */
export function removeZone(zone: Zone): void {
  withdraw(zone);
  zones.delete(zone);
  due.delete(zone);
}

/** Takes back the call that waits in Extole's queue, if one does. */
function withdraw(zone: Zone): void {
  if (zone.call && takeBack(zone.call)) zone.asked = zone.call = undefined;
}

/**
 * Asks for a zone soon, unless nothing changed since it was asked for last. Changes made in one go are one request.
 */
export function schedule(zone: Zone): void {
  due.add(zone);
  queueMicrotask(askDue);
}

/**
 * Asks again for each zone on the page whose data changed.
 *
 * @param isForced - Whether to ask for the others too.
 */
export function askAgain(isForced = false): void {
  for (const zone of zones) {
    if (zone.element?.isConnected === false) removeZone(zone);
    else {
      if (isForced && zone.element) zone.asked = undefined;
      schedule(zone);
    }
  }
}

/** Tells each zone that waits that the core tag can't be had. A late core tag still renders them. */
export function failWaiting(...failure: Parameters<OnFailed>): void {
  coreFailure = failure;
  for (const zone of zones) if (!zone.asked || zone.call) failZone(zone, ...failure);
}

/** Where the creative goes; `undefined` for an overlay, which brings its own place. */
const placeOf = ({ element, name = '' }: Zone): HTMLElement | undefined =>
  OVERLAY_ZONE_NAMES.includes(name) ? undefined : element;

function failZone(zone: Zone, code: StorefrontErrorCode, message?: string, willRetry?: boolean): void {
  const { element, fallback, before, name = '' } = zone;
  // A creative of an earlier request is for data that no longer holds.
  if (before && fallback && before !== fallback) {
    element?.replaceChildren(...fallback);
    zone.before = fallback;
  }
  zone.failure = fail(placeOf(zone) ?? document, code, name, message, willRetry);
}

function askDue(): void {
  if (!isOpen) return;
  const batch = [...due];
  due.clear();
  for (const zone of batch) {
    // An element may have left the page while its zone waited for something, and a listener may stop the rest.
    if (!isOpen || !zones.has(zone)) continue;
    try {
      ask(zone)?.then(
        () => schedule(zone),
        () => failZone(zone, 'EXTOLE_ZONE_FAILED'),
      );
    } catch (error) {
      // Whatever throws here (a hostile page context, somebody's own `createZone`): the other zones go on.
      zone.call = undefined;
      failZone(zone, 'EXTOLE_ZONE_FAILED', `${error}`);
    }
  }
}

/** @returns What to wait for before the zone can be asked for, if anything. */
function ask(zone: Zone): Promise<unknown> | undefined {
  const { name, eventData, fields } = zone.read();
  zone.name = name;
  // What was asked for without an element is asked for once: a conversion must not be told twice.
  if (!zone.element && zone.asked && !zone.call) return undefined;
  const wait = preview ? undefined : meetShopper();
  // A call that waits would tell of the shopper before.
  if (wait) withdraw(zone);
  if (wait) return wait;
  const jwt = shopper?.jwt(fields);
  if (jwt instanceof Promise) return jwt;
  const context = pageContext(shopper?.customer);
  const custom = customEventData(eventData, context);
  if (custom instanceof Promise) return custom;

  const { data, problem } = custom ?? {};
  const settings: CreateZoneSettings = { name, data: { ...defaultEventData(context, fields), ...data } };
  const asked = JSON.stringify([settings, problem]);
  // What failed on the way to Extole may be asked for again.
  if (asked === zone.asked && zone.failure?.code !== 'EXTOLE_ZONE_FAILED') return undefined;
  withdraw(zone);
  // What changes while Extole answers is looked at when it has.
  if ((zone.isStale = !!zone.call)) return undefined;
  zone.asked = asked;
  zone.custom = custom;
  zone.failure = undefined;
  if (jwt) settings.jwt = jwt;
  if (preview) preview(zone, settings.data);
  else if (!name) failZone(zone, 'ZONE_NAME_MISSING');
  else {
    if (problem !== undefined) failZone(zone, 'EVENT_DATA_INVALID', problem);
    // Two pop-ups would cover one another: an overlay that stands on the page twice is asked for once.
    const isFirst = [...zones].find((other) => other.name === name) === zone;
    if (isFirst || placeOf(zone) || !zone.element) request(zone, settings);
  }
  return undefined;
}

function request(zone: Zone, settings: CreateZoneSettings): void {
  const { name } = settings;
  const element = placeOf(zone);
  if (element) {
    settings.element = element;
    zone.before = [...element.childNodes];
    zone.fallback ??= zone.before;
    observer?.observe(element, { childList: true });
  }
  emit(element ?? document, 'extole-zone:requested', { name });
  zone.call = settings;
  window.extole?.createZone?.(settings, (error) => settle(zone, settings, error));
  if (coreFailure && !isCoreReady()) failZone(zone, ...coreFailure);
}

function settle(zone: Zone, call: CreateZoneSettings, error: unknown): void {
  if (zone.call !== call) return;
  zone.call = undefined;
  if (error) failZone(zone, 'EXTOLE_ZONE_FAILED', `${Object(error).status ?? ''}`);
  else if (!call.element) emit(document, 'extole-zone:rendered', { name: call.name });
  else if (!showCreative(zone)) failZone(zone, 'EXTOLE_ZONE_EMPTY');
  // What failed on the way is looked at when all zones are.
  if (!error || zone.isStale) schedule(zone);
}

/**
 * Takes away what stood in the element before, once something to see came beside it or in its place.
 *
 * @returns Whether the creative is there.
 */
function showCreative(zone: Zone): boolean {
  const { element, before } = zone;
  if (!element || !before) return true;
  const hasCome = [...element.childNodes].some(
    (node) =>
      !before.includes(node) &&
      (node instanceof Text ? node.data.trim() : !/^(#comment|SCRIPT|STYLE|LINK)$/.test(node.nodeName)),
  );
  if (hasCome) {
    zone.before = zone.failure = undefined;
    for (const node of before) node.remove();
    emit(element, 'extole-zone:rendered', { name: zone.name ?? '' });
  }
  return hasCome;
}
