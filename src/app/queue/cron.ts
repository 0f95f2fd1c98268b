import { type ParsedCronItem, parseCronItems } from 'graphile-worker';
import { MAX_ATTEMPTS, type TaskPayloads } from './queue.js';

/** The queue's own; see `tidy-up.ts`. */
export const TIDY_UP = 'tidy-up';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When a task begins by itself. */
interface Turn {
  /** In UTC: minute, then hour. */
  readonly match: string;
  /** Where no process ran at its time, it begins with the first one, if that is no later than this. */
  readonly backfillMs: number;
}

const TURNS = {
  // What was missed in the night is worth doing by day. What is frequent comes again anyway: one turn is enough to catch up.
  'look-at-all': { match: '0 2 * * *', backfillMs: 20 * HOUR_MS },
  erase: { match: '0 3 * * *', backfillMs: 20 * HOUR_MS },
  [TIDY_UP]: { match: '*/5 * * * *', backfillMs: 5 * MINUTE_MS },
  'sweep-all': { match: '* * * * *', backfillMs: MINUTE_MS },
  'poll-all': { match: '* * * * *', backfillMs: MINUTE_MS },
  'wake-overdue': { match: '* * * * *', backfillMs: MINUTE_MS },
} satisfies Partial<Record<keyof TaskPayloads | typeof TIDY_UP, Turn>>;

/** What the worker adds by itself: once, however many processes there are. */
export const cronItems = (): ParsedCronItem[] =>
  parseCronItems(
    Object.entries(TURNS).map(([task, { match, backfillMs }]) => ({
      task,
      match,
      identifier: task,
      options: { backfillPeriod: backfillMs, maxAttempts: MAX_ATTEMPTS, jobKey: task, queueName: task },
    })),
  );
