import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page, type Request } from 'playwright-core';
import { z } from 'zod';
import { parseJson } from '../../store/parse-json.js';
import { isCoreTag, isSdkFile } from './installation.js';

/** A request of the page that has to do with us. */
export interface SeenRequest {
  readonly kind: 'sdk' | 'core' | 'zone';
  readonly url: string;
  /** `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** The browser's word for why there was none: `net::ERR_NAME_NOT_RESOLVED`, `csp`. */
  readonly failure: string | undefined;
  /** When it was sent, in milliseconds after the page was asked for; of a failed one the browser does not tell. */
  readonly startedAtMs: number | undefined;
  /** Of a zone request: the zone's name, and the keys of its event data. Values are not kept. */
  readonly zone: { readonly name: string; readonly keys: readonly string[] } | undefined;
}

const zoneEvent = z.object({
  type: z.string(),
  name: z.string(),
  code: z.string().optional(),
  message: z.string().optional(),
  willRetry: z.boolean().optional(),
});

/** An event of the SDK. */
export type ZoneEvent = z.infer<typeof zoneEvent>;

/** A list of which what does not fit is left out: what a page gives back is anybody's. */
const listOf = <Item>(item: z.ZodType<Item>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((found) => found.flatMap((each) => item.safeParse(each).data ?? []));

const seenInPage = z.object({
  version: z.string().optional().catch(undefined),
  events: listOf(zoneEvent),
  violations: listOf(z.object({ directive: z.string(), blocked: z.string() })),
  scripts: listOf(z.string()),
  firstContentfulPaintMs: z.number().optional().catch(undefined),
  timeOriginMs: z.number().catch(0),
  hasConsentEvents: z.boolean().catch(false),
});

type SeenInPage = z.infer<typeof seenInPage>;

/** What a browser saw that opened the page in a fresh profile. */
export interface Seen
  extends Pick<
    SeenInPage,
    'version' | 'events' | 'violations' | 'firstContentfulPaintMs' | 'hasConsentEvents'
  > {
  readonly failure?: never;
  /** The program domains' core tags that are in the page, those that scripts added included. */
  readonly coreTags: readonly string[];
  readonly requests: readonly SeenRequest[];
  /** What the console says about our files: refused hashes, CORS. */
  readonly complaints: readonly string[];
  /** What our script threw. */
  readonly thrown: readonly string[];
}

/** What came of opening the page in a browser: what it saw, or why it could not be opened. */
export type Visit = Seen | { readonly failure: string };

const OPEN_MS = 30_000;
/** A page that takes longer to load is looked at as it is. */
const LOAD_MS = 15_000;
/** How long zones may take after that; the SDK tries a blocked core tag for about six seconds. */
const SETTLE_MS = 15_000;
/** How long nothing has to happen before it is believed that nothing will. */
const QUIET_MS = 1_500;
const POLL_MS = 100;
/** A page may keep its tab busy for ever; closing the browser ends every wait. */
const DEADLINE_MS = 60_000;
const MAX_KEPT = 200;

/**
 * Opens a page in a fresh profile, as a guest on a desktop, and waits until its zones are settled. Each zone that is asked for
 * counts as an impression at Extole. Settles within a minute, never with an error.
 *
 * @param chromiumPath - The browser to open it in.
 */
export async function visit(url: string, chromiumPath: string): Promise<Visit> {
  let browser: Browser | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLate = false;
  try {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      // Chromium can't shut itself in as root.
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    const opened = browser;
    timer = setTimeout(() => {
      isLate = true;
      void opened.close();
    }, DEADLINE_MS);
    const context = await opened.newContext({
      viewport: { width: 1280, height: 800 },
      acceptDownloads: false,
    });
    return await look(await context.newPage(), url);
  } catch (error) {
    if (isLate) return { failure: 'the page kept the browser busy for a minute' };
    return { failure: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it failed' };
  } finally {
    clearTimeout(timer);
    await browser?.close();
  }
}

async function look(page: Page, url: string): Promise<Seen> {
  const sent: Request[] = [];
  const statuses = new Map<Request, number>();
  const complaints: string[] = [];
  const thrown: string[] = [];
  page.on('request', (request) => {
    if (kindOf(request.url()) && sent.length < MAX_KEPT) sent.push(request);
  });
  page.on('response', (response) => statuses.set(response.request(), response.status()));
  page.on('console', (message) => {
    const isOurs = /extole|\/core\.js|\/zones\b/.test(message.text() + message.location().url);
    if (message.type() === 'error' && isOurs && complaints.length < MAX_KEPT) complaints.push(message.text());
  });
  page.on('pageerror', ({ message, stack }) => {
    if (stack?.includes('/extole-storefront') && thrown.length < MAX_KEPT) thrown.push(message);
  });
  await page.addInitScript(record);

  await page.goto(url, { waitUntil: 'commit', timeout: OPEN_MS });
  await page.waitForLoadState('load', { timeout: LOAD_MS }).catch(() => {});
  const { scripts, timeOriginMs, ...seen } = await settle(page);
  const requests = sent.map((request) => describe(request, statuses.get(request), timeOriginMs));
  return { ...seen, coreTags: scripts.filter(isCoreTag), requests, complaints, thrown };
}

/**
 * Waits until each zone that was asked for has been answered and nothing has happened for a while.
 *
 * @throws When the page never let itself be read.
 */
async function settle(page: Page): Promise<SeenInPage> {
  const endsAt = Date.now() + SETTLE_MS;
  let quietSince = Date.now();
  let seen: SeenInPage | undefined;
  let problem: unknown;
  while (!seen || isWaiting(seen.events) || Date.now() - quietSince < QUIET_MS) {
    if (Date.now() > endsAt || page.isClosed()) break;
    const next = await read(page).catch((error: unknown) => {
      // It went on to another page, or loaded again.
      problem = error;
    });
    if (next?.events.length !== seen?.events.length) quietSince = Date.now();
    seen = next ?? seen;
    await sleep(POLL_MS);
  }
  if (!seen) throw problem;
  return seen;
}

const isWaiting = (events: readonly ZoneEvent[]): boolean =>
  lastOfEach(events).some(({ type, willRetry }) => type === 'extole-zone:requested' || willRetry === true);

/** The last event of each zone, by name. */
export function lastOfEach(events: readonly ZoneEvent[]): ZoneEvent[] {
  return [...new Map(events.map((event) => [event.name, event])).values()];
}

interface Diary {
  readonly events: unknown[];
  readonly violations: unknown[];
}

declare global {
  interface Window {
    /** What happened in a page that the doctor looks at. */
    extoleDoctor?: Diary;
  }
}

/** Runs in the page before anything of its own. */
function record(): void {
  const seen: Diary = { events: [], violations: [] };
  window.extoleDoctor = seen;
  for (const type of ['extole-zone:requested', 'extole-zone:rendered', 'extole-zone:failed']) {
    document.addEventListener(type, (event: Event) => {
      const { name, code, message, willRetry } = Object('detail' in event ? event.detail : undefined);
      if (seen.events.length < 500)
        seen.events.push({ type, name: `${name ?? ''}`.slice(0, 200), code, message, willRetry });
    });
  }
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, disposition }) => {
    if (disposition !== 'enforce' || seen.violations.length > 500) return;
    seen.violations.push({ directive: effectiveDirective, blocked: blockedURI });
  });
}

async function read(page: Page): Promise<SeenInPage> {
  const found = await page.evaluate(() => ({
    ...window.extoleDoctor,
    version: Object(Reflect.get(window, 'extoleStorefront')).version,
    // Not by Array.from: old libraries put their own in its place.
    scripts: [...document.scripts].map(({ src }) => src),
    firstContentfulPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    timeOriginMs: performance.timeOrigin,
    hasConsentEvents: !!Object(Reflect.get(window, 'bodlEvents')).consent?.loaded,
  }));
  return seenInPage.parse(found);
}

function kindOf(url: string): SeenRequest['kind'] | undefined {
  if (isSdkFile(url)) return 'sdk';
  if (isCoreTag(url)) return 'core';
  // Source: Extole, Integration API (Consumer to Extole), `POST /zones`, `/zones/{zone_name}` and `/api/v6/zones`.
  return URL.canParse(url) && /^\/(api\/v\d+\/)?zones(\/|$)/.test(new URL(url).pathname) ? 'zone' : undefined;
}

function describe(request: Request, status: number | undefined, timeOriginMs: number): SeenRequest {
  const url = request.url();
  const kind = kindOf(url) ?? 'zone';
  const { startTime } = request.timing();
  return {
    kind,
    url,
    status,
    failure: request.failure()?.errorText,
    startedAtMs: startTime > 0 ? Math.max(0, Math.round(startTime - timeOriginMs)) : undefined,
    zone: kind === 'zone' ? zoneOf(request) : undefined,
  };
}

const zoneBody = z.object({
  event_name: z.string().optional(),
  data: z.record(z.string(), z.unknown()).nullish(),
});

function zoneOf(request: Request): SeenRequest['zone'] {
  const inPath = /\/zones\/([^/]+)/.exec(new URL(request.url()).pathname)?.[1];
  // Extole takes other kinds of bodies too, which are not read.
  const { event_name: name, data } = zoneBody.catch({}).parse(parseJson(request.postData() ?? ''));
  return { name: name ?? inPath ?? '', keys: Object.keys(data ?? {}) };
}
