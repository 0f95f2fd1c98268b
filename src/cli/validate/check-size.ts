import type { Finding } from '../finding.js';

/** From which part of a limit on a warning is due. */
const NEAR = 0.9;

/** Something that BigCommerce takes up to a size. */
interface Sized {
  readonly file: string;
  readonly size: number;
  readonly limit: number;
  /** What size and limit count: `characters`, `bytes`. */
  readonly unit: string;
  readonly subject: string;
  readonly todo: string;
}

/** Checks a size against BigCommerce's limit: an error above it, a warning from 90 % of it on. */
export function checkSize({ file, size, limit, unit, subject, todo }: Sized): Finding[] {
  if (size < limit * NEAR) return [];
  const isTooLarge = size > limit;
  const number = (count: number): string => count.toLocaleString('en');
  return [
    {
      code: isTooLarge ? 'SIZE_OVER_LIMIT' : 'SIZE_NEAR_LIMIT',
      severity: isTooLarge ? 'error' : 'warning',
      file,
      line: 1,
      what: `${subject} has ${number(size)} ${unit}; BigCommerce takes ${number(limit)}.`,
      todo,
    },
  ];
}
