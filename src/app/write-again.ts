import { setTimeout as pause } from 'node:timers/promises';
import type { AppDeps } from './deps.js';

const MAX_TRIES = 5;

/**
 * PostgreSQL's `serialization_failure` and `deadlock_detected`: another try goes well. So it does after `foreign_key_violation`: the store was
 * erased at that moment, and will not be there.
 */
const PASSING = new Set(['40001', '40P01', '23503']);

/**
 * Does a transaction, and does it again where others at the same moment kept it from going well. Settles as its last try does.
 *
 * @param write - The whole of it.
 */
export async function writeAgain<Result>(
  { random }: Pick<AppDeps, 'random'>,
  write: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === MAX_TRIES || !isPassing(error)) throw error;
      await pause(random() * 10 * attempt);
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && PASSING.has(error.code);
