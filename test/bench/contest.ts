import type { BenchBrowser, Visit } from './browser.js';
import { inRounds, ROUNDS } from './measure.js';
import type { BenchPages } from './pages.js';
import type { Scripts } from './scripts.js';

/** A page that takes part, and the script on it that is measured. */
export interface Contestant {
  readonly page: string;
  readonly script: keyof Scripts;
}

/** What was measured of a contestant, one figure for each round. */
export type Figures = (contestant: string, figure: keyof Visit) => number[];

/**
 * Visits the page of each contestant once a round, after a round for warming up that does not count.
 *
 * @param slowdown - How many times slower than this machine the CPU is to be.
 */
export async function contest(
  browser: BenchBrowser,
  pages: BenchPages,
  contestants: Readonly<Record<string, Contestant>>,
  slowdown: number,
): Promise<Figures> {
  const order = inRounds(Object.entries(contestants), ROUNDS + 1);
  const visits = await browser.visit(
    order.map(([, { page, script }]) => ({
      url: pages.urlOf(page),
      scriptUrl: pages.scriptUrlOf(script),
      slowdown,
    })),
  );
  return (contestant, figure) =>
    visits
      .filter((_, index) => order[index]?.[0] === contestant)
      .slice(1)
      .map((visit) => visit[figure]);
}
