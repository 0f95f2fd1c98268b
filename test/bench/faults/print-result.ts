import type { RunResult } from './run.js';

const MAX_PROBLEMS_SHOWN = 20;

/** Prints what came of a configuration. */
export function printResult(title: string, result: RunResult): void {
  const { webhooks } = result;
  const figures = [
    ['orders', result.orders],
    ['stores', result.stores],
    ['events expected', result.expected],
    ['delivered', result.delivered],
    ['lost', result.lost],
    ['duplicated', result.duplicated],
    ['wrong', result.wrong],
    ['repeated after a lost answer', result.repeated],
    ['processes killed', result.kills],
    ['starts that failed', result.failedStarts],
    ['processes that crashed', result.crashes],
    ['cuts of the database', result.cuts],
    ['webhooks sent', webhooks.sent],
    ['of these a second time', webhooks.duplicated],
    ['late', webhooks.delayed],
    ['dropped', webhooks.dropped],
    ['given up', webhooks.exhausted],
    ['found by the sweep', result.foundBySweep],
    ['seconds', Math.round(result.seconds)],
  ] as const;
  const note = [
    `Extole: ${told(result.extole)}`,
    `BigCommerce: ${told(result.bigcommerce)}`,
    ...(result.unfinished ? [`NOT FINISHED: ${result.unfinished}`] : []),
  ].join('\n   ');
  console.log(`\n${title}`);
  for (const [what, figure] of figures)
    console.log(`  ${what.padEnd(34)}${figure.toLocaleString('en').padStart(8)}`);
  console.log(`  (${note})`);
  const shown = result.problems.slice(0, MAX_PROBLEMS_SHOWN);
  for (const problem of shown) console.log(`  ${problem}`);
  if (result.problems.length > shown.length)
    console.log(`  and ${result.problems.length - shown.length} more`);
}

const told = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([what, count]) => `${what} ${count.toLocaleString('en')}`)
    .join(', ');
