import type { TypedRewards } from './reward-draft.js';

type Look = Pick<TypedRewards, 'prefix' | 'pattern' | 'length' | 'excludesLookAlikes'>;

/** As long as the longest code, each with and without look-alikes. */
const SAMPLES = {
  random: ['K7MR4XQ9TW2PGH8F', 'K0MR1XO9TI2PGL8F'],
  pronounceable: ['BATEKURANEMUKAVE', 'BOLIKURANEMUKAVI'],
} as const satisfies Readonly<Record<Look['pattern'], readonly [string, string]>>;

const sampleOf = (pattern: Look['pattern'], excludesLookAlikes: boolean): string =>
  SAMPLES[pattern][excludesLookAlikes ? 0 : 1];

/** What a code may look like that the app draws. The same for the same settings, so that it stays while something else is typed. */
export const codeExample = ({ prefix, pattern, length, excludesLookAlikes }: Look): string =>
  prefix + sampleOf(pattern, excludesLookAlikes).slice(0, length);

/** What a code may look like under a bulk promotion: eight characters are the app's, six BigCommerce's, whatever pattern and length are. */
export function bulkCodeExample({ prefix, excludesLookAlikes }: Look): string {
  const sample = sampleOf('random', excludesLookAlikes);
  return `${prefix}${sample.slice(0, 8)}-${sample.slice(10)}`;
}
