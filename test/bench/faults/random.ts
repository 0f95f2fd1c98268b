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
