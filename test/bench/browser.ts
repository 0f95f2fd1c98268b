import { launchChromium } from '../support/chromium.js';

/** An event of Chromium's trace. */
interface TraceEvent {
  readonly name: string;
  /** When it began, in microseconds, by the clock on the wall. */
  readonly ts: number;
  /** How long it took, in microseconds, by the clock on the wall. */
  readonly dur?: number;
  /** When it began, in microseconds of CPU time of its thread. */
  readonly tts?: number;
  /** How long it took, in microseconds of CPU time of its thread. */
  readonly tdur?: number;
  readonly args: { readonly data?: { readonly frame?: string; readonly url?: string } };
}

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
export interface Stop {
  readonly url: string;
  /** The script on the page whose start counts. */
  readonly scriptUrl: string;
  /** How many times slower than this machine the CPU is to be. */
  readonly slowdown: number;
}

/** A browser that opens pages for measuring. */
export interface BenchBrowser {
  /**
   * Opens one page after the other, each in a fresh tab (with a fresh process of its own), and stays on each until it
   * says that it is done.
   *
   * @returns What happened on each, in the same order.
   */
  visit(stops: readonly Stop[]): Promise<Visit[]>;
  close(): Promise<void>;
}

/** A page that was visited: how the trace names it, and what it told itself. */
interface Tab {
  readonly frame: string;
  readonly scriptUrl: string;
  readonly longTaskMs: number;
}

const VISIT_TIMEOUT_MS = 20_000;

/** The request by which the last script of a page, `done.js`, says that it is over. */
const DONE_REQUEST = /https:\/\/done\.invalid\/([\d.]+)/;

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

  const untilDone = (tab: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The page did not get done')), VISIT_TIMEOUT_MS);
      const listen = ({ sessionId, message }: { sessionId: string; message: string }): void => {
        const longTaskMs = DONE_REQUEST.exec(message)?.[1];
        if (sessionId !== tab || longTaskMs === undefined) return;
        clearTimeout(timer);
        session.off('Target.receivedMessageFromTarget', listen);
        resolve(Number(longTaskMs));
      };
      session.on('Target.receivedMessageFromTarget', listen);
    });

  const open = async ({ url, scriptUrl, slowdown }: Stop): Promise<Tab> => {
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId });
    const tell = (method: string, params: object): Promise<unknown> => {
      const message = JSON.stringify({ id: 1, method, params });
      return session.send('Target.sendMessageToTarget', { sessionId, message });
    };
    await tell('Emulation.setCPUThrottlingRate', { rate: slowdown });
    // What the scripts ask of other servers stays without an answer: measured is the way to there.
    await tell('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }] });
    const done = untilDone(sessionId);
    await tell('Page.navigate', { url });
    const longTaskMs = await done;
    await session.send('Target.closeTarget', { targetId });
    return { frame: targetId, scriptUrl, longTaskMs };
  };

  return {
    async visit(stops) {
      // One trace for all of them: Chromium takes up to ten seconds to start one.
      await browser.startTracing(undefined, { categories: ['devtools.timeline'] });
      const tabs: Tab[] = [];
      for (const stop of stops) tabs.push(await open(stop));
      const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
      const events = trace.traceEvents.sort((one, other) => one.ts - other.ts);
      return tabs.map(({ frame, scriptUrl, longTaskMs }) => ({
        ...readTrace(
          events.filter(({ args }) => args.data?.frame === frame),
          scriptUrl,
        ),
        longTaskMs,
      }));
    },
    close: () => browser.close(),
  };
}

/**
 * @param events - Those of one page, in order.
 * @throws {Error} when the script did not run there.
 */
function readTrace(events: readonly TraceEvent[], scriptUrl: string): Omit<Visit, 'longTaskMs'> {
  const start = events.find(({ name, args }) => name === 'EvaluateScript' && args.data?.url === scriptUrl);
  if (!start) throw new Error(`${scriptUrl} did not run`);

  let end = 0;
  let scriptsUs = 0;
  let longestUs = 0;
  for (const { name, ts, dur = 0, tdur = 0, args } of events) {
    // What is nested counts already, and the bench's own script not at all.
    if (!/^(EvaluateScript|FunctionCall)$/.test(name) || ts < end || args.data?.url?.endsWith('/done.js'))
      continue;
    end = ts + dur;
    scriptsUs += tdur;
    longestUs = Math.max(longestUs, tdur);
  }

  const since = (event: TraceEvent | undefined): number => {
    if (!event) return Number.NaN;
    return event.ts < start.ts ? event.ts - start.ts : (event.tts ?? 0) - (start.tts ?? 0);
  };
  const request = events.find(
    ({ name, args: { data } }) =>
      name === 'ResourceSendRequest' && data?.url?.startsWith('https:') && !DONE_REQUEST.test(data.url),
  );
  return {
    scriptsMs: scriptsUs / 1000,
    longestScriptMs: longestUs / 1000,
    askedAfterMs: since(request) / 1000,
    markedAfterMs: since(events.find(({ name }) => name === 'TimeStamp')) / 1000,
  };
}
