/**
 * The candidate that somebody meant who wrote something else.
 *
 * @returns The nearest candidate by edit distance, or `undefined` when none is near: more than one letter in four would have
 *   to change.
 */
export function didYouMean(written: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  const most = written.length < 3 ? 0 : Math.max(1, Math.floor(written.length / 4));
  let least = most + 1;
  for (const candidate of candidates) {
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase());
    if (distance < least && candidate !== written) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Writes a path anew, with another name in place of the one that is not there: `slides.[0].image`. */
export function respell(path: string, missing: string, meant: string): string {
  return path
    .split(/([./[\]]+)/)
    .map((part) => (part === missing ? meant : part))
    .join('');
}

/** How many letters have to be put in, taken out, replaced or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
