import type { Trouble } from './fault-proxy.js';
import { choose, type Draw } from './random.js';

/** What may go wrong, each with its share of all requests. */
export type Troubles = readonly (readonly [name: string, share: number, trouble: Trouble])[];

/**
 * Has requests go wrong. What goes wrong with the third try of something does not depend on what else there was, so that a seed always gives the
 * same.
 *
 * @param options.side - Whose requests: each side has its own luck.
 * @param options.count - Is told of each request what becomes of it: the name of its trouble, or `well`.
 * @returns What becomes of the next try of something.
 */
export function troublesOf(options: {
  readonly draw: Draw;
  readonly side: string;
  readonly troubles: Troubles;
  readonly count: (what: string) => void;
}): (what: string) => Trouble | undefined {
  const { draw, side, troubles, count } = options;
  const tries = new Map<string, number>();
  const shares = troubles.map((one) => [one, one[1]] as const);
  return (what) => {
    const number = (tries.get(what) ?? 0) + 1;
    tries.set(what, number);
    const [name, , trouble] = choose(draw(side, what, number), shares) ?? ['well'];
    count(name);
    return trouble;
  };
}
