import { OVERLAY_ZONE_NAMES } from '../catalog/zones.js';
import { isCoreReady } from './core-tag.js';
import type { StorefrontErrorCode } from './errors.js';
import { defaultEventData, fillIn, read } from './event-data.js';
import { namesSettled, pageContext } from './page-context.js';
import { emit, fail } from './report.js';
import type { CreateZoneSettings, Data, PageContext } from './types.js';

/** What a zone asks for at the moment: its attributes, or the options of a script. */
export interface ZoneRequest {
  readonly name: string;
  /** Custom event data as text; `null` for none. */
  readonly eventData: string | null;
  /** A space-separated list of default fields; `null` for all of them. */
  readonly fields: string | null;
}

/** A zone on the page, and what became of it. */
export interface Zone {
  readonly element: HTMLElement | undefined;
  /** Reads what the zone asks for now. */
  readonly read: () => ZoneRequest;
  /** The last request, as text: the same one is never made twice. */
  asked?: string | undefined;
  /** The name that it was asked for by. */
  name?: string;
  /** The call that Extole has not answered yet. */
  call?: CreateZoneSettings | undefined;
  /** What the merchant put inside, kept for when no creative comes. */
  fallback?: readonly ChildNode[];
  /** What stood inside when Extole was asked; it goes when the creative comes. */
  before?: readonly ChildNode[] | undefined;
}

let isOpen = false;
const zones = new Set<Zone>();
const due = new Set<Zone>();
const waiting = new Set<Zone>();
let observer: MutationObserver | undefined;
let coreFailure: StorefrontErrorCode | undefined;

/** Starts to ask for zones. Until then {@link addZone} and {@link schedule} do nothing. */
export function openZones(): void {
  isOpen = true;
  coreFailure = undefined;
}

/**
 * Starts to look for creatives, now that Extole is there: one may come before or after Extole says that the zone is done.
 */
export function watchCreatives(): void {
  observer ??= new MutationObserver(() => zones.forEach(showCreative));
  for (const { element } of waiting) {
    if (element) observer.observe(element, { childList: true });
  }
}

/** Forgets all zones. What they show stays. */
export function closeZones(): void {
  observer?.disconnect();
  observer = undefined;
  isOpen = false;
  zones.clear();
  due.clear();
  waiting.clear();
}

/** Takes up a zone that has an element, and asks for it soon. */
export function addZone(zone: Zone): void {
  if (isOpen) zones.add(zone);
  schedule(zone);
}

/** Lets go of a zone whose element left the page. Coming back, it is asked for only if its data changed. */
export function removeZone(zone: Zone): void {
  zones.delete(zone);
  due.delete(zone);
}

/**
 * Asks for a zone soon, unless nothing changed since it was asked for last. Changes made in one go are one request.
 */
export function schedule(zone: Zone): void {
  // An element may have left the page while its zone waited for something.
  if (!isOpen || (zone.element && !zones.has(zone))) return;
  if (due.size === 0) queueMicrotask(askDue);
  due.add(zone);
}

/**
 * Asks again for each zone on the page whose data changed.
 *
 * @param isForced - Whether to ask for the others too.
 */
export function askAgain(isForced = false): void {
  for (const zone of zones) {
    if (isForced) zone.asked = undefined;
    if (zone.element?.isConnected) schedule(zone);
    else removeZone(zone);
  }
}

/** Tells each zone that waits that the core tag can't be had. A late core tag still renders them. */
export function failWaiting(code: StorefrontErrorCode): void {
  coreFailure = code;
  for (const zone of waiting) failZone(zone, code);
}

/** Where the creative goes; `undefined` for an overlay, which brings its own place. */
const placeOf = ({ element, name = '' }: Zone): HTMLElement | undefined =>
  OVERLAY_ZONE_NAMES.includes(name) ? undefined : element;

function failZone(zone: Zone, code: StorefrontErrorCode, message?: string): void {
  const { element, fallback, before, name } = zone;
  // A creative of an earlier request is for data that no longer holds.
  if (before && fallback && before !== fallback) {
    element?.replaceChildren(...fallback);
    zone.before = fallback;
  }
  fail(placeOf(zone) ?? document, code, name, message);
}

function askDue(): void {
  const batch = Array.from(due);
  due.clear();
  let context: PageContext | undefined;
  for (const zone of batch) {
    try {
      context ??= pageContext();
      ask(zone, context)?.then(() => schedule(zone));
    } catch (error) {
      // Whatever throws here (a hostile page context, somebody's own `createZone`): the other zones go on.
      zone.call = undefined;
      waiting.delete(zone);
      failZone(zone, 'EXTOLE_ZONE_FAILED', `${error}`);
    }
  }
}

/** @returns What to wait for before the zone can be asked for, if anything. */
function ask(zone: Zone, context: PageContext): Promise<unknown> | undefined {
  const { name, eventData, fields } = zone.read();
  const names = namesSettled();
  if (names && /_name/.test(`${fields ?? '_name'}${eventData}`)) return names;

  let custom: Data = {};
  let problem: string | undefined;
  if (eventData?.trim()) {
    const found = read(eventData);
    if (found instanceof Promise) return found;
    problem = found.problem;
    try {
      // A copy, so that nobody reaches into the page's own objects.
      if (found.value) custom = JSON.parse(JSON.stringify(fillIn(found.value, context)));
    } catch {
      problem = '';
    }
  }
  const settings = { name: name.trim(), data: { ...defaultEventData(context, fields), ...custom } };
  const asked = JSON.stringify([settings, problem]);
  if (asked === zone.asked) return undefined;
  // What changes while Extole answers is looked at when it has.
  if (zone.call && isCoreReady()) return undefined;
  zone.asked = asked;
  zone.name = settings.name;
  if (!settings.name) failZone(zone, 'ZONE_NAME_MISSING');
  else {
    if (problem !== undefined) failZone(zone, 'EVENT_DATA_INVALID', problem);
    // Two pop-ups would cover one another: an overlay that stands on the page twice is asked for once.
    const first = Array.from(zones).find((other) => other.name === zone.name) ?? zone;
    if (placeOf(zone) || first === zone) request(zone, settings);
  }
  return undefined;
}

function request(zone: Zone, settings: CreateZoneSettings): void {
  const { name } = settings;
  const element = placeOf(zone);
  if (element) {
    settings.element = element;
    zone.before = Array.from(element.childNodes);
    zone.fallback ??= zone.before;
    observer?.observe(element, { childList: true });
  }
  emit(element ?? document, 'extole-zone:requested', { name });
  if (zone.call) {
    // Extole has not come yet: the call that waits in its queue gets the new data, so that nobody is asked twice.
    delete zone.call.element;
    Object.assign(zone.call, settings);
  } else {
    zone.call = settings;
    waiting.add(zone);
    window.extole?.createZone?.(settings, (error) => settle(zone, settings, error));
  }
  if (coreFailure && !isCoreReady()) failZone(zone, coreFailure);
}

function settle(zone: Zone, call: CreateZoneSettings, error: unknown): void {
  if (zone.call !== call) return;
  zone.call = undefined;
  waiting.delete(zone);
  if (error) failZone(zone, 'EXTOLE_ZONE_FAILED', `${Object(error).status ?? ''}`);
  else if (!call.element) emit(document, 'extole-zone:rendered', { name: call.name });
  else if (!showCreative(zone)) failZone(zone, 'EXTOLE_ZONE_EMPTY');
  if (zone.element) schedule(zone);
}

/**
 * Takes away what stood in the element before, once something to see came beside it or in its place.
 *
 * @returns Whether the creative is there.
 */
function showCreative(zone: Zone): boolean {
  const { element, before } = zone;
  if (!element || !before) return true;
  const hasCome = Array.from(element.childNodes).some(
    (node) =>
      !before.includes(node) &&
      (node instanceof Text ? node.data.trim() : !/^(#comment|SCRIPT|STYLE|LINK)$/.test(node.nodeName)),
  );
  if (hasCome) {
    zone.before = undefined;
    for (const node of before) node.remove();
    emit(element, 'extole-zone:rendered', { name: zone.name ?? '' });
  }
  return hasCome;
}
