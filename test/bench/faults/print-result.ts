import type { RunResult, WebhookResult } from './run.js';

const MAX_PROBLEMS_SHOWN = 20;

/** Prints what came of a configuration. */
export function printResult(title: string, result: RunResult): void {
  const { rewards } = result;
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
    ...webhookFigures('webhooks of orders', result.webhooks),
    ['found by the sweep', result.foundBySweep],
    ['rewards earned', rewards.earned],
    ['of these fulfilled in the end', rewards.fulfilled],
    ['their codes in BigCommerce', rewards.codesMade],
    ['taken back', rewards.takenBack],
    ['failed for their promotion', rewards.failed],
    ['fulfilled elsewhere', rewards.fulfilledElsewhere],
    ['codes used', rewards.used],
    ['codes kept ready', rewards.keptReady],
    ['rewards with two codes', rewards.withTwoCodes],
    ['rewards without a code', rewards.withoutCode],
    ['orphan codes', rewards.orphans],
    ['codes left of what was taken back', rewards.stillStanding],
    ['wrong with rewards otherwise', rewards.wrong],
    ...webhookFigures('webhooks of rewards', rewards.webhooks),
    ['rewards found by polling', rewards.foundByPoll],
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
  for (const { problems } of [result, rewards]) printProblems(problems);
}

const webhookFigures = (
  name: string,
  { copies, duplicated, delayed, dropped, exhausted }: WebhookResult,
): readonly (readonly [string, number])[] => [
  [`${name} sent`, copies],
  ['of these a second time', duplicated],
  ['late', delayed],
  ['dropped', dropped],
  ['given up', exhausted],
];

function printProblems(problems: readonly string[]): void {
  const shown = problems.slice(0, MAX_PROBLEMS_SHOWN);
  for (const problem of shown) console.log(`  ${problem}`);
  if (problems.length > shown.length) console.log(`  and ${problems.length - shown.length} more`);
}

const told = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([what, count]) => `${what} ${count.toLocaleString('en')}`)
    .join(', ');
