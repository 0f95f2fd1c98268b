import { createHash } from 'node:crypto';

/**
 * A number from 0 to less than 1 that looks random, and is the same whenever it is drawn for the same seed and purpose: so what goes wrong
 * does not depend on what came first.
 */
export type Draw = (...purpose: readonly (string | number)[]) => number;

/** Draws for a seed. */
export function drawsOf(seed: number): Draw {
  return (...purpose) =>
    createHash('sha256')
      .update([seed, ...purpose].join('\n'))
      .digest()
      .readUIntBE(0, 6) /
    2 ** 48;
}

/**
 * What a number from 0 to less than 1 falls on, where each choice has its share.
 *
 * @param shares - Add up to 1, or to less where there may be none.
 */
export function choose<Choice>(
  drawn: number,
  shares: readonly (readonly [choice: Choice, share: number])[],
): Choice | undefined {
  let end = 0;
  for (const [choice, share] of shares) {
    end += share;
    if (drawn < end) return choice;
  }
  return undefined;
}

/** One of several, by their shares. */
export function chosen<One extends { readonly share: number }>(drawn: number, all: readonly One[]): One {
  const one = choose(
    drawn,
    all.map((each) => [each, each.share]),
  );
  // What is left by the errors of adding numbers up.
  const last = one ?? all.at(-1);
  if (!last) throw new Error('There is nothing to choose from.');
  return last;
}
