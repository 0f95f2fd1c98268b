import type { JobHelpers, TaskList } from 'graphile-worker';
import { TIDY_UP } from './cron.js';
import type { TaskPayloads, Tasks } from './queue.js';
import { tidyUp } from './tidy-up.js';
import type { WorkerOptions } from './worker.js';

declare global {
  namespace GraphileWorker {
    // graphile-worker types each task's payload by it.
    interface Tasks extends TaskPayloads {}
  }
}

/**
 * The app's tasks as graphile-worker takes them, each counted and logged. graphile-worker gets to know no more of an error than its code, since
 * it logs and keeps the message.
 */
export function taskList({ pool, tasks, log, metrics }: WorkerOptions): TaskList {
  const step =
    <Name extends keyof TaskPayloads>(task: Name, work: Tasks[Name]) =>
    async (payload: TaskPayloads[Name], { job }: JobHelpers): Promise<void> => {
      const attempt = { number: job.attempts, isLast: job.attempts >= job.max_attempts };
      const fields = { task, jobId: job.id, attempt: attempt.number };
      try {
        await work(payload, attempt);
        metrics.jobs.inc({ task, outcome: 'done' });
        log.debug(fields, 'a job is done');
      } catch (error) {
        metrics.jobs.inc({ task, outcome: attempt.isLast ? 'failed' : 'retried' });
        log.error(
          { ...fields, err: error },
          attempt.isLast ? 'a job failed for good' : 'a job failed, and will be tried again',
        );
        throw new Error(codeOf(error));
      }
    };
  return {
    provision: step('provision', tasks.provision),
    look: step('look', tasks.look),
    'refresh-channels': step('refresh-channels', tasks['refresh-channels']),
    'keep-webhooks': step('keep-webhooks', tasks['keep-webhooks']),
    'look-at-orders': step('look-at-orders', tasks['look-at-orders']),
    deliver: step('deliver', tasks.deliver),
    sweep: step('sweep', tasks.sweep),
    import: step('import', tasks.import),
    'fulfill-rewards': step('fulfill-rewards', tasks['fulfill-rewards']),
    'poll-rewards': step('poll-rewards', tasks['poll-rewards']),
    'refill-codes': step('refill-codes', tasks['refill-codes']),
    'poll-all': step('poll-all', tasks['poll-all']),
    'sweep-all': step('sweep-all', tasks['sweep-all']),
    'wake-overdue': step('wake-overdue', tasks['wake-overdue']),
    'look-at-all': step('look-at-all', tasks['look-at-all']),
    'roll-out': step('roll-out', tasks['roll-out']),
    erase: step('erase', tasks.erase),
    [TIDY_UP]: () => tidyUp(pool),
  } satisfies Record<keyof TaskPayloads | typeof TIDY_UP, unknown>;
}

/** All that graphile-worker may know of an error. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
