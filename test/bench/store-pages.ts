import { signInUrl, switchUrl } from '../../examples/sandbox/addresses.js';
import {
  PRODUCTS,
  SAMPLE_WIDGETS,
  type Sandbox,
  type ScriptSettings,
  startSandbox,
} from '../../examples/sandbox/sandbox.js';
import type { BenchBrowser, StoreStop } from './browser.js';
import {
  compare,
  comparisonRow,
  formatMs,
  inRounds,
  LONG_TASK_MS,
  quantile,
  type Row,
  type Section,
  verdict,
} from './measure.js';
import { eventsOf, type PageTrace, readTasks, startOf, TASK_CATEGORIES } from './trace.js';

const TASK_ROUNDS = 5;
const EVENT_DATA_ROUNDS = 7;

/** Long enough for the last creative of the slowest page. */
const TASK_STAY_MS = 1000;
const EVENT_DATA_STAY_MS = 500;

/** A page of the sandbox's store, and what is on in it. */
interface StorePage {
  readonly url: string;
  readonly scripts?: ScriptSettings;
  /** The lazy file without which this page is not what it is meant to be. */
  readonly needs: string;
}

/** What the SDK costs the pages of a store, with the core tag and creatives of the sandbox. */
export async function measureStorePages(browser: BenchBrowser): Promise<Section[]> {
  const sandbox = await startSandbox({ ports: 'free' });
  try {
    return [...(await tasks(browser, sandbox)), await eventDataWaits(browser, sandbox)];
  } finally {
    await sandbox.close();
  }
}

function storePages(origin: string): Readonly<Record<string, StorePage>> {
  const product = PRODUCTS[0]?.path ?? '/';
  return {
    'product, guest, widgets': { url: `${origin}${product}`, needs: 'custom-event-data' },
    'product, signed in and verified': {
      url: signInUrl({ origin, back: product }, 'mary'),
      scripts: { verification: true },
      needs: 'shopper',
    },
    'home, automatic zones': {
      url: switchUrl({ origin, back: '/' }, 'placing', 'automatic'),
      needs: 'automatic',
    },
    'order confirmation, conversion': {
      url: `${origin}/checkout/order-confirmation`,
      scripts: { conversion: true },
      needs: 'conversion',
    },
    'product, ?extole_debug': { url: `${origin}${product}?extole_debug`, needs: 'debug-panel' },
    'product, ?preview': { url: `${origin}${product}?preview`, needs: 'preview' },
  };
}

async function tasks(browser: BenchBrowser, sandbox: Sandbox): Promise<Section[]> {
  const sdkFiles = sandbox.sdkUrl.replace(/\.js$/, '');
  const pages = Object.entries(storePages(sandbox.storefrontUrl));
  const order = inRounds(pages, TASK_ROUNDS);
  const stops = order.map(
    ([, { url, scripts }]): StoreStop => ({
      url,
      slowdown: 4,
      stayMs: TASK_STAY_MS,
      prepare: () => sandbox.setScripts(scripts),
    }),
  );
  const traces = await browser.visitStore(stops, TASK_CATEGORIES);
  await sandbox.setScripts();
  const figures = pages.map(([what, { needs }]) => {
    const visits = traces.filter((_, index) => order[index]?.[0] === what);
    for (const visit of visits) {
      if (!requestOf(visit, `${sdkFiles}-${needs}.js`)) throw new Error(`${what}: no ${needs} was loaded`);
    }
    return { what, visits: visits.map((visit) => tasksOfUs(visit, sdkFiles)) };
  });
  return [
    {
      title: 'Store pages at 4x: longest task of ours, CPU time',
      rows: figures.map(({ what, visits }) => longestRow(what, visits)),
      note: `Medians of ${TASK_ROUNDS} first visits: our part of a task; as its yardstick the whole of the longest task in which any of our files ran.`,
    },
    {
      title: 'Store pages at 4x: all tasks of ours, CPU time',
      rows: figures.map(({ what, visits }) => ({
        what,
        ours: formatMs(median(visits, ({ allMs }) => allMs)),
      })),
    },
  ];
}

/** What our files did in one visit, in milliseconds. */
interface TasksOfUs {
  /** The longest part that they had in a task. */
  readonly longestMs: number;
  /** The longest task in which they had a part, from end to end. */
  readonly longestWholeMs: number;
  /** All that they did. */
  readonly allMs: number;
  /** Whether a task was long by the browser's measure, and would not have been without them. */
  readonly isLongByUs: boolean;
}

function tasksOfUs(trace: PageTrace, sdkFiles: string): TasksOfUs {
  const found = readTasks(trace, (url) => url.startsWith(sdkFiles));
  const parts = found.map(({ cpuMs, share }) => cpuMs * share);
  return {
    longestMs: Math.max(...parts),
    longestWholeMs: Math.max(...found.map(({ cpuMs }) => cpuMs)),
    allMs: parts.reduce((sum, ms) => sum + ms, 0),
    isLongByUs: found.some(
      ({ wallMs, share }) => wallMs > LONG_TASK_MS && wallMs * (1 - share) <= LONG_TASK_MS,
    ),
  };
}

/** Its verdict has a question mark where the budget lies within the middle half of the visits. */
function longestRow(what: string, visits: readonly TasksOfUs[]): Row {
  const budget = { atMost: LONG_TASK_MS };
  const longest = visits.map(({ longestMs }) => longestMs);
  const [lower, middle, upper] = [quantile(longest, 0.25), quantile(longest, 0.5), quantile(longest, 0.75)];
  const isClear = verdict(lower, budget) === verdict(upper, budget);
  const longByUs = visits.filter(({ isLongByUs }) => isLongByUs).length;
  return {
    what: `${what}; the browser reported one as long by us in ${longByUs} of ${visits.length}`,
    ours: formatMs(middle),
    yardstick: formatMs(median(visits, ({ longestWholeMs }) => longestWholeMs)),
    middleHalf: `${formatMs(lower)} to ${formatMs(upper)}`,
    budget: `<= ${LONG_TASK_MS} ms`,
    verdict: `${verdict(middle, budget)}${isClear ? '' : '?'}`,
  };
}

const median = (visits: readonly TasksOfUs[], figure: (visit: TasksOfUs) => number): number =>
  quantile(visits.map(figure), 0.5);

/** What it costs a zone to have event data: the file that reads it and fills it in is fetched first. */
async function eventDataWaits(browser: BenchBrowser, sandbox: Sandbox): Promise<Section> {
  const widgets = SAMPLE_WIDGETS.filter(({ configuration }) => configuration.zone === 'product');
  const without = widgets.map((widget) => ({
    ...widget,
    configuration: { ...widget.configuration, custom_event_data: '' },
  }));
  const row = async (where: string, slowdown: number): Promise<Row> => {
    const order = inRounds([widgets, without], EVENT_DATA_ROUNDS + 1);
    const stops = order.map(
      (placed): StoreStop => ({
        url: `${sandbox.storefrontUrl}${PRODUCTS[0]?.path}`,
        slowdown,
        stayMs: EVENT_DATA_STAY_MS,
        prepare: () => sandbox.setWidgets(placed),
      }),
    );
    const visits = await browser.visitStore(stops, ['devtools.timeline']);
    const waits = (placed: typeof widgets): number[] =>
      visits
        .filter((_, index) => order[index] === placed)
        .slice(1)
        .map((trace) => zoneAskedAfterMs(trace, sandbox));
    const comparison = compare(waits(widgets), waits(without));
    return comparisonRow(`${where}, with a placeholder beside without`, comparison, formatMs);
  };
  const rows = [await row('1x', 1), await row('4x slower', 4)];
  sandbox.setWidgets();
  return {
    title: "With event data: from the SDK's start to the request of a product zone, by the clock on the wall",
    rows,
    note: `Medians of ${EVENT_DATA_ROUNDS} rounds. The store and the program domain are on this machine, so the network takes hardly any time.`,
  };
}

/** @throws {Error} when the SDK did not run there, or asked for no zone. */
function zoneAskedAfterMs(trace: PageTrace, { sdkUrl, programDomainUrl }: Sandbox): number {
  const start = startOf(eventsOf(trace), sdkUrl);
  const request = requestOf(trace, `${programDomainUrl}/zones`);
  if (!start || !request) throw new Error('No zone was asked for');
  return (request.ts - start.ts) / 1000;
}

const requestOf = (trace: PageTrace, url: string) =>
  eventsOf(trace).find(({ name, args }) => name === 'ResourceSendRequest' && args.data?.url === url);
