/** How many rounds count. */
export const ROUNDS = 15;

/** Browsers tell pages of a task that takes longer. */
export const LONG_TASK_MS = 50;

/** How ours compares to a yardstick over all rounds. */
export interface Comparison {
  /** Medians of the figures themselves. */
  readonly ours: number;
  readonly yardstick: number;
  /** The median of the rounds' ratios, and the two quartiles between which the middle half of them lies. */
  readonly ratio: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** What a ratio may be. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** A line of the table, ready to be printed. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly yardstick?: string;
  readonly ratio?: string;
  /** Where the middle half of the ratios lies. */
  readonly middleHalf?: string;
  readonly budget?: string;
  readonly verdict?: string;
}

/** Lines that belong together. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader has to know to read the figures right. */
  readonly note?: string;
}

/** The value below which the given part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Compares round by round, so that what slows down the machine for a while slows down both sides.
 *
 * @param measure - What a ratio says: `cost` is ours divided by the yardstick, `speed` the other way round.
 */
export function compare(
  ours: readonly number[],
  yardstick: readonly number[],
  measure: 'cost' | 'speed' = 'cost',
): Comparison {
  const ratios = ours.map((figure, round) => {
    const cost = figure / (yardstick[round] ?? Number.NaN);
    return measure === 'cost' ? cost : 1 / cost;
  });
  return {
    ours: quantile(ours, 0.5),
    yardstick: quantile(yardstick, 0.5),
    ratio: quantile(ratios, 0.5),
    lowerQuartile: quantile(ratios, 0.25),
    upperQuartile: quantile(ratios, 0.75),
  };
}

/**
 * Who comes when: each contestant once a round. Each round is begun by another one and every second one goes backwards,
 * so that nobody always comes after the same neighbour.
 */
export function inRounds<Contestant>(contestants: readonly Contestant[], rounds: number): Contestant[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % contestants.length;
    const order = [...contestants.slice(first), ...contestants.slice(0, first)];
    return round % 2 === 0 ? order : order.reverse();
  }).flat();
}

/** Whether a figure keeps to its budget. */
export function verdict(figure: number, budget: Budget): 'ok' | 'OVER' {
  return ('atMost' in budget ? figure <= budget.atMost : figure >= budget.atLeast) ? 'ok' : 'OVER';
}

/**
 * The line for a comparison. Its verdict has a question mark where the budget lies within the middle half of the ratios.
 *
 * @param format - How to print a figure, with its unit.
 * @param budget - Without one the line is there to be read only.
 */
export function comparisonRow(
  what: string,
  comparison: Comparison,
  format: (figure: number) => string,
  budget?: Budget,
): Row {
  const { ours, yardstick, ratio, lowerQuartile, upperQuartile } = comparison;
  const row = {
    what,
    ours: format(ours),
    yardstick: format(yardstick),
    ratio: `${rounded(ratio)} x`,
    middleHalf: `${rounded(lowerQuartile)} to ${rounded(upperQuartile)}`,
  };
  if (!budget) return row;
  const isClear = verdict(lowerQuartile, budget) === verdict(upperQuartile, budget);
  return {
    ...row,
    budget: 'atMost' in budget ? `<= ${budget.atMost} x` : `>= ${budget.atLeast} x`,
    verdict: `${verdict(ratio, budget)}${isClear ? '' : '?'}`,
  };
}

/** Prints milliseconds. */
export const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;

const rounded = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0));

const HEADINGS: Row = {
  what: '',
  ours: 'ours',
  yardstick: 'yardstick',
  ratio: 'ratio',
  middleHalf: 'middle half',
  budget: 'budget',
};

const cellsOf = (row: Row): string[] => [
  `  ${row.what}`,
  row.ours,
  row.yardstick ?? '',
  row.ratio ?? '',
  row.middleHalf ?? '',
  row.budget ?? '',
  row.verdict ?? '',
];

/** One table for all sections, each under its title. */
export function table(sections: readonly Section[]): string {
  const head = cellsOf(HEADINGS);
  const all = [head, ...sections.flatMap(({ rows }) => rows.map(cellsOf))];
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return padded.join('  ').trimEnd();
  };
  const blocks = sections.map(({ title, rows, note }) => [
    title,
    ...rows.map((row) => line(cellsOf(row))),
    ...(note ? [`  (${note})`] : []),
  ]);
  return [[line(head)], ...blocks].map((block) => block.join('\n')).join('\n\n');
}
