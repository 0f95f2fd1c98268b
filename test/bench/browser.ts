import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../support/chromium.js';
import { eventsOf, outermostRuns, type PageTrace, startOf, type TraceEvent } from './trace.js';

/** What happened on the main thread of one page. */
export interface Visit {
  /** CPU time of all scripts of the page, compiled, run and what they started at once, in milliseconds. */
  readonly scriptsMs: number;
  /** CPU time of the longest task among them, in milliseconds. */
  readonly longestScriptMs: number;
  /** The longest task that the browser itself reports to the page as long, in milliseconds; 0 for none. */
  readonly longTaskMs: number;
  /**
   * CPU time from the script's start to the first request that it made to another server, in milliseconds. Negative,
   * and time on the wall, when the page had made that request before.
   */
  readonly askedAfterMs: number;
  /** CPU time from the script's start to a `console.timeStamp` of the page, in milliseconds; `NaN` without one. */
  readonly markedAfterMs: number;
}

/** What to visit. */
interface Stop {
  readonly url: string;
  /** How many times slower than this machine the CPU is to be. */
  readonly slowdown: number;
}

/** A page of the bench, which says itself when it is over. */
export interface BenchStop extends Stop {
  /** The script on the page whose start counts. */
  readonly scriptUrl: string;
}

/** A page of a store, visited for the first time. */
export interface StoreStop extends Stop {
  /** Called before the page opens, to have the store serve what is wanted. */
  readonly prepare: () => void;
  /** How long to stay after the page has loaded. */
  readonly stayMs: number;
}

/** A browser that opens pages for measuring. */
export interface BenchBrowser {
  /**
   * Opens one page after the other, each in a fresh tab (with a fresh process of its own), and stays on each until it
   * says that it is done.
   *
   * @returns What happened on each, in the same order.
   */
  visit(stops: readonly BenchStop[]): Promise<Visit[]>;
  /**
   * Opens one page after the other, each in a fresh profile.
   *
   * @param categories - What is to be in the trace.
   * @returns What happened on each, in the same order.
   */
  visitStore(stops: readonly StoreStop[], categories: readonly string[]): Promise<PageTrace[]>;
  close(): Promise<void>;
}

/** How a page is opened, and when it is left. */
interface Manner extends Stop {
  readonly browserContextId: string;
  /** A domain of the DevTools protocol that has to be on for the page's last words to be heard. */
  readonly listensTo?: 'Page';
  readonly lastWords: RegExp;
  readonly stayMs?: number;
}

/** A page that was visited: how the trace names it, and what its last words held. */
interface Tab {
  readonly frame: string;
  readonly told: string;
}

const VISIT_TIMEOUT_MS = 20_000;

/** The request by which the last script of a page, `done.js`, says that it is over. */
const DONE_REQUEST = /https:\/\/done\.invalid\/([\d.]+)/;

const HAS_LOADED = /"Page\.loadEventFired"/;

/**
 * Starts Chromium for measuring.
 *
 * The figures come from Chromium's own trace and are CPU time of the page's main thread. That is the least noisy of the
 * ways that were tried: what else the machine is doing does not count, while by the clock on the wall the same visits
 * vary several times as much. Nothing has to be put into the page; compiling, microtasks and timers are in it, which
 * brackets around a script tag would miss, or mix with the network.
 *
 * The tabs are opened beside Playwright, which would listen to each page's network and console, and so have Chromium
 * collect a stack for each request at the expense of the script under measurement.
 */
export async function openBenchBrowser(): Promise<BenchBrowser> {
  const browser = await launchChromium();
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send('Target.createBrowserContext');
  // A tab that stays, since with its last tab the window goes, and a window is a good deal of work for the machine.
  await session.send('Target.createTarget', { url: 'about:blank', browserContextId });
  let lastMessageId = 0;

  const hear = (tab: string, lastWords: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The page did not get done')), VISIT_TIMEOUT_MS);
      const listen = ({ sessionId, message }: { sessionId: string; message: string }): void => {
        const found = lastWords.exec(message);
        if (sessionId !== tab || !found) return;
        clearTimeout(timer);
        session.off('Target.receivedMessageFromTarget', listen);
        resolve(found[1] ?? '');
      };
      session.on('Target.receivedMessageFromTarget', listen);
    });

  const open = async ({ url, slowdown, lastWords, stayMs, listensTo, ...profile }: Manner): Promise<Tab> => {
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank', ...profile });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId });
    const tell = (method: string, params: object): Promise<unknown> => {
      lastMessageId += 1;
      const message = JSON.stringify({ id: lastMessageId, method, params });
      return session.send('Target.sendMessageToTarget', { sessionId, message });
    };
    await tell('Emulation.setCPUThrottlingRate', { rate: slowdown });
    // What the scripts ask of other servers stays without an answer: measured is the way to there.
    await tell('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }] });
    if (listensTo) await tell(`${listensTo}.enable`, {});
    const over = hear(sessionId, lastWords);
    await tell('Page.navigate', { url });
    const told = await over;
    await sleep(stayMs ?? 0);
    await session.send('Target.closeTarget', { targetId });
    return { frame: targetId, told };
  };

  /** One trace for all visits: Chromium takes up to ten seconds to start one. */
  const traced = async (
    categories: readonly string[],
    visits: readonly (() => Promise<Tab>)[],
  ): Promise<(PageTrace & Tab)[]> => {
    await browser.startTracing(undefined, { categories: [...categories] });
    const tabs: Tab[] = [];
    for (const visit of visits) tabs.push(await visit());
    const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
    const events = trace.traceEvents.sort((one, other) => one.ts - other.ts);
    return tabs.map((tab) => ({ ...tab, events }));
  };

  return {
    async visit(stops) {
      const visits = stops.map(
        ({ url, slowdown }) =>
          () =>
            open({ url, slowdown, browserContextId, lastWords: DONE_REQUEST }),
      );
      const pages = await traced(['devtools.timeline'], visits);
      return pages.map((page, index) => ({
        ...readTrace(eventsOf(page), stops[index]?.scriptUrl ?? ''),
        longTaskMs: Number(page.told),
      }));
    },
    async visitStore(stops, categories) {
      const visits = stops.map(({ prepare, ...stop }) => async () => {
        prepare();
        const profile = await session.send('Target.createBrowserContext');
        const tab = await open({ ...stop, ...profile, listensTo: 'Page', lastWords: HAS_LOADED });
        await session.send('Target.disposeBrowserContext', profile);
        return tab;
      });
      return traced(categories, visits);
    },
    close: () => browser.close(),
  };
}

/**
 * @param events - Those of one page, in order.
 * @throws {Error} when the script did not run there.
 */
function readTrace(events: readonly TraceEvent[], scriptUrl: string): Omit<Visit, 'longTaskMs'> {
  const start = startOf(events, scriptUrl);
  if (!start) throw new Error(`${scriptUrl} did not run`);
  // The bench's own script does not count.
  const runsUs = outermostRuns(events, (url) => !url.endsWith('/done.js')).map(({ tdur = 0 }) => tdur);

  const since = (event: TraceEvent | undefined): number => {
    if (!event) return Number.NaN;
    return event.ts < start.ts ? event.ts - start.ts : (event.tts ?? 0) - (start.tts ?? 0);
  };
  const request = events.find(
    ({ name, args: { data } }) =>
      name === 'ResourceSendRequest' && data?.url?.startsWith('https:') && !DONE_REQUEST.test(data.url),
  );
  return {
    scriptsMs: runsUs.reduce((sum, us) => sum + us, 0) / 1000,
    longestScriptMs: Math.max(0, ...runsUs) / 1000,
    askedAfterMs: since(request) / 1000,
    markedAfterMs: since(events.find(({ name }) => name === 'TimeStamp')) / 1000,
  };
}
