import { createHash } from 'node:crypto';

/** How long it takes until every store had its turn. */
const SPREAD_MS = 4 * 60 * 60 * 1_000;

/**
 * When a store has its turn, where all of them have one. Always the same while after `from`, so that nothing comes all at once.
 *
 * @param spreadMs - How long it takes until every store had its turn. 4 hours unless said otherwise.
 */
export function turnOf(storeHash: string, from: Date, spreadMs = SPREAD_MS): Date {
  const share = createHash('sha256').update(storeHash).digest().readUInt32BE() / 2 ** 32;
  return new Date(from.getTime() + Math.floor(share * spreadMs));
}
