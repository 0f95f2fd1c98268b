import type { BenchBrowser, Visit } from './browser.js';
import { type Contestant, contest, type Figures } from './contest.js';
import {
  type Budget,
  compare,
  comparisonRow,
  formatMs,
  LONG_TASK_MS,
  quantile,
  ROUNDS,
  type Row,
  type Section,
  verdict,
} from './measure.js';
import type { BenchPages } from './pages.js';

// Ours takes part twice: its ratio to itself should be 1, and tells how noisy the other ratios are.
const NOISE = 'ours (noise)';

const SINGLE: Readonly<Record<string, Contestant>> = {
  ours: { page: 'single/ours', script: 'ours' },
  'stripe-js': { page: 'single/stripe', script: 'stripe' },
  'squatch-js': { page: 'single/squatch', script: 'squatch' },
  'the floor': { page: 'single/floor', script: 'floor' },
  [NOISE]: { page: 'single/ours', script: 'ours' },
};

const zonesIn = (place: string): Readonly<Record<string, Contestant>> => ({
  ours: { page: `zones/ours/${place}`, script: 'ours' },
  'the floor': { page: `zones/floor/${place}`, script: 'floor' },
  [NOISE]: { page: `zones/ours/${place}`, script: 'ours' },
});

/** What the SDK costs a page, beside the yardsticks. */
export async function measureMainThread(browser: BenchBrowser, pages: BenchPages): Promise<Section[]> {
  const single = await contest(browser, pages, SINGLE, 1);
  const singleSlow = await contest(browser, pages, SINGLE, 4);
  const zones = await contest(browser, pages, zonesIn('end'), 1);
  const zonesAsync = await contest(browser, pages, zonesIn('async'), 1);
  const zonesSlow = await contest(browser, pages, zonesIn('end'), 4);
  const withTemplate = await contest(browser, pages, { ours: { page: 'templates', script: 'ours' } }, 1);

  const started = { 'stripe-js': { atMost: 1.3 }, 'squatch-js': { atMost: 0.4 }, 'the floor': undefined };
  const asked = { 'the floor': { atMost: 2.5 } };
  const lastAsked = { 'the floor': { atMost: 1.5 } };

  return [
    {
      title: 'Main thread: file evaluated and started in a fresh page, CPU time',
      rows: [
        ...rows(single, 'scriptsMs', '1x', started),
        ...rows(singleSlow, 'scriptsMs', '4x slower', started),
      ],
      note: 'All scripts of a page count: with squatch-js its init(). No code cache, as on a first visit.',
    },
    {
      title: 'Longest task of ours, CPU time, 4x slower',
      rows: [longestTask(singleSlow, 'one zone'), longestTask(zonesSlow, '100 zones')],
    },
    {
      title: "From the script's start to core.js asked for, CPU time",
      rows: [
        ...rows(single, 'askedAfterMs', '1x', asked),
        ...rows(singleSlow, 'askedAfterMs', '4x slower', asked),
        withTags(withTemplate('ours', 'askedAfterMs')),
      ],
    },
    {
      title:
        "100 zones on a page of 5,000 nodes: from the script's start to the last zone asked for, CPU time",
      rows: [
        ...rows(zones, 'markedAfterMs', 'end of body', lastAsked),
        ...rows(zonesAsync, 'markedAfterMs', 'async', lastAsked),
      ],
    },
  ];
}

/** Ours beside each yardstick, and beside itself. */
function rows(
  figures: Figures,
  figure: keyof Visit,
  where: string,
  budgets: Readonly<Record<string, Budget | undefined>>,
): Row[] {
  return Object.entries({ ...budgets, [NOISE]: undefined }).map(([yardstick, budget]) => {
    const comparison = compare(figures('ours', figure), figures(yardstick, figure));
    return comparisonRow(`${where}, beside ${yardstick}`, comparison, formatMs, budget);
  });
}

/** Whether a task got long. The browser's own count is by the clock on the wall, and has the page's parsing in it. */
function longestTask(figures: Figures, what: string): Row {
  const longestMs = Math.max(...figures('ours', 'longestScriptMs'));
  const reported = figures('ours', 'longTaskMs').filter((ms) => ms > LONG_TASK_MS);
  return {
    what: `${what}; the browser reported a long task in ${reported.length} of ${ROUNDS} visits`,
    ours: formatMs(longestMs),
    budget: `<= ${LONG_TASK_MS} ms`,
    verdict: verdict(longestMs, { atMost: LONG_TASK_MS }),
  };
}

/** With the tags of our templates the page itself asks for core.js; the script comes when that is on its way. */
function withTags(askedAfterMs: readonly number[]): Row {
  const aheadMs = -quantile(askedAfterMs, 0.5);
  return {
    what: "with the templates' tags: asked for ahead of the script's start by",
    ours: formatMs(aheadMs),
    budget: '>= 0 ms',
    verdict: verdict(Math.min(...askedAfterMs.map((ms) => -ms)), { atLeast: 0 }),
  };
}
