import { type ParsedCronItem, parseCronItems } from 'graphile-worker';
import { MAX_ATTEMPTS, type TaskPayloads } from './queue.js';

/** The queue's own: forgets jobs that failed for good. What became of them is in the app's tables and in the log. */
export const TIDY_UP = 'tidy-up';

/** When the nightly tasks begin, in UTC: minute, then hour. */
const TIMES = {
  'look-at-all': '0 2 * * *',
  erase: '0 3 * * *',
  [TIDY_UP]: '0 4 * * *',
} satisfies Partial<Record<keyof TaskPayloads | typeof TIDY_UP, string>>;

/** Where no process ran at its time, a task begins with the first one, if that is no later than this. */
const BACKFILL_MS = 20 * 3_600_000;

/** What the worker adds every night: once, however many processes there are. */
export const nightlyTasks = (): ParsedCronItem[] =>
  parseCronItems(
    Object.entries(TIMES).map(([task, match]) => ({
      task,
      match,
      identifier: task,
      options: { backfillPeriod: BACKFILL_MS, maxAttempts: MAX_ATTEMPTS, jobKey: task, queueName: task },
    })),
  );
