import { launchChromium } from '../support/chromium.js';

/** An event of Chromium's trace. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** When it began, in microseconds, by the clock on the wall. */
  readonly ts: number;
  /** How long it took, in microseconds, by the clock on the wall. */
  readonly dur?: number;
  /** When it began, in microseconds of CPU time of its thread. */
  readonly tts?: number;
  /** How long it took, in microseconds of CPU time of its thread. */
  readonly tdur?: number;
  readonly args: { readonly data?: { readonly url?: string; readonly message?: string } };
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

/** A browser that opens pages for measuring. */
export interface BenchBrowser {
  /**
   * Opens the address in a fresh tab (with a fresh process of its own) and waits until the page says that it is done.
   *
   * @param url - The page.
   * @param scriptUrl - The script on it whose start counts.
   * @param slowdown - How many times slower than this machine the CPU is to be.
   */
  visit(url: string, scriptUrl: string, slowdown: number): Promise<Visit>;
  close(): Promise<void>;
}

const VISIT_TIMEOUT_MS = 20_000;

/**
 * Starts Chromium for measuring.
 *
 * The figures come from Chromium's own trace and are CPU time of the page's main thread: what a script costs is then
 * known to the microsecond, whatever else the machine is doing meanwhile (by the clock on the wall the same visits
 * vary several times as much), and nothing has to be put into the page. The trace has the compiling, the microtasks and the
 * timers too, which brackets around a script tag would miss or mix with the network.
 *
 * The tabs are opened beside Playwright, which would listen to each page's network and console, and so have Chromium
 * collect a stack for each request at the expense of the script under measurement.
 */
export async function openBenchBrowser(): Promise<BenchBrowser> {
  const browser = await launchChromium();
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send('Target.createBrowserContext');
  await session.send('Target.setDiscoverTargets', { discover: true });

  const untilDone = (target: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The page did not get done')), VISIT_TIMEOUT_MS);
      const listen = ({ targetInfo }: { targetInfo: { targetId: string; title: string } }): void => {
        const longest = /^done (.+)/.exec(targetInfo.title)?.[1];
        if (targetInfo.targetId !== target || longest === undefined) return;
        clearTimeout(timer);
        session.off('Target.targetInfoChanged', listen);
        resolve(Number(longest));
      };
      session.on('Target.targetInfoChanged', listen);
    });

  return {
    async visit(url, scriptUrl, slowdown) {
      const { targetId } = await session.send('Target.createTarget', {
        url: 'about:blank',
        browserContextId,
      });
      const { sessionId } = await session.send('Target.attachToTarget', { targetId });
      const tell = (method: string, params: object): Promise<unknown> =>
        session.send('Target.sendMessageToTarget', {
          sessionId,
          message: JSON.stringify({ id: 1, method, params }),
        });
      await tell('Emulation.setCPUThrottlingRate', { rate: slowdown });
      // What the scripts ask of other servers stays without an answer: measured is the way to there.
      await tell('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }] });
      await browser.startTracing(undefined, { categories: ['devtools.timeline', 'v8'] });
      const done = untilDone(targetId);
      await tell('Page.navigate', { url });
      const longTaskMs = await done;
      const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
      await session.send('Target.closeTarget', { targetId });
      return { ...readTrace(trace.traceEvents, scriptUrl), longTaskMs };
    },
    close: () => browser.close(),
  };
}

const isScript = ({ name }: TraceEvent): boolean =>
  /^(EvaluateScript|FunctionCall|RunMicrotasks|v8\.compile)$/.test(name);

function readTrace(events: readonly TraceEvent[], scriptUrl: string): Omit<Visit, 'longTaskMs'> {
  const start = events.find(({ name, args }) => name === 'EvaluateScript' && args.data?.url === scriptUrl);
  if (!start) throw new Error(`${scriptUrl} did not run`);
  const onThread = events
    .filter(({ pid, tid }) => pid === start.pid && tid === start.tid)
    .sort((one, other) => one.ts - other.ts);

  let end = 0;
  let scriptsUs = 0;
  let longestUs = 0;
  for (const event of onThread.filter(isScript)) {
    const { ts, dur = 0, tdur = 0, args } = event;
    // What is nested counts already, and the bench's own script not at all.
    if (ts < end || args.data?.url?.endsWith('/done.js')) continue;
    end = ts + dur;
    scriptsUs += tdur;
    longestUs = Math.max(longestUs, tdur);
  }

  const since = (event: TraceEvent | undefined): number => {
    if (!event) return Number.NaN;
    return event.ts < start.ts ? event.ts - start.ts : (event.tts ?? 0) - (start.tts ?? 0);
  };
  const request = onThread.find(
    ({ name, args }) => name === 'ResourceSendRequest' && args.data?.url?.startsWith('https:'),
  );
  return {
    scriptsMs: scriptsUs / 1000,
    longestScriptMs: longestUs / 1000,
    askedAfterMs: since(request) / 1000,
    markedAfterMs: since(onThread.find(({ name }) => name === 'TimeStamp')) / 1000,
  };
}
