import { randomInt } from 'node:crypto';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { CodegenFields } from '../../store/promotion-types.js';

type CodeSettings = RewardSettings['code'];

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const VOWELS = 'AEIOU';
const DIGITS = '0123456789';
const LOOK_ALIKES = '0O1IL';

/** Of a marker. With the longest prefix that settings allow it is as long as BigCommerce allows. */
const MARKER_LENGTH = 8;

/** Of the part that BigCommerce draws: the shortest that it allows, since the marker is drawn as well. */
const CODEGEN_LENGTH = 6;

const DELIMITER = '-';

/**
 * Draws a coupon code as the settings want it, with randomness that nobody can foresee. Whether it is new is for BigCommerce to say.
 *
 * @returns At most 28 characters: the prefix, then capital letters and digits.
 */
export function drawCode({ prefix, pattern, length, excludesLookAlikes }: CodeSettings): string {
  const characters = (text: string): string => (excludesLookAlikes ? without(text, LOOK_ALIKES) : text);
  const alphabets =
    pattern === 'pronounceable'
      ? [characters(without(LETTERS, VOWELS)), characters(VOWELS)]
      : [characters(LETTERS + DIGITS)];
  return prefix + draw(alphabets, length);
}

/**
 * Draws what codes begin with of which BigCommerce draws the rest, so that they can be told from all others.
 *
 * @returns At most 21 characters, the last of them the delimiter.
 */
export function drawMarker({ prefix, excludesLookAlikes }: CodeSettings): string {
  const code = { prefix, pattern: 'random', length: MARKER_LENGTH, excludesLookAlikes } as const;
  return drawCode(code) + DELIMITER;
}

/**
 * What BigCommerce is asked for when it is to draw codes of a bulk promotion.
 *
 * @param marker - What they begin with; see {@link drawMarker}.
 * @param size - How many: from 1 to 250.
 */
export function codegenFields(
  { code, maxUses, maxUsesPerCustomer }: Pick<RewardSettings, 'code' | 'maxUses' | 'maxUsesPerCustomer'>,
  marker: string,
  size: number,
): CodegenFields {
  return {
    batch_size: size,
    max_uses: maxUses,
    max_uses_per_customer: maxUsesPerCustomer,
    prefix: marker.slice(0, -DELIMITER.length),
    delimiter: DELIMITER,
    code_length: CODEGEN_LENGTH,
    exclude_characters: code.excludesLookAlikes ? [...LOOK_ALIKES] : [],
  };
}

const without = (text: string, excluded: string): string =>
  [...text].filter((character) => !excluded.includes(character)).join('');

/** Takes from the alphabets in turn. */
function draw(alphabets: readonly string[], length: number): string {
  return Array.from({ length }, (_, index) => {
    const alphabet = alphabets[index % alphabets.length] ?? '';
    return alphabet.charAt(randomInt(alphabet.length));
  }).join('');
}
