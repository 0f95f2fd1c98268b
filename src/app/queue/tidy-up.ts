import type { Pool } from 'pg';

/*
 * A fetch of a job looks at every queue that there is, so those that nobody uses slow all stores down. graphile-worker can delete them too, but
 * a job that is added meanwhile may point at a queue that is gone by then, and would never run: nothing in the database forbids that. The lock
 * waits until whoever adds jobs has committed, and lets others begin when the queues are gone. Whoever holds it up for longer than they
 * would put up with, such as a process that stopped in the middle, is left to the next time.
 *
 * Without parameters, so that PostgreSQL takes it as one transaction.
 */
const TIDY_UP = `
  set local lock_timeout = '2s';
  lock table graphile_worker._private_job_queues in share row exclusive mode;
  delete from graphile_worker._private_jobs where locked_at is null and attempts >= max_attempts;
  delete from graphile_worker._private_job_queues as queue
  where locked_at is null
    and not exists (select from graphile_worker._private_jobs as job where job.job_queue_id = queue.id)`;

/**
 * Forgets jobs that failed for good, and queues without jobs. What became of the jobs is in the app's tables and in the log.
 *
 * Safe to run while jobs are added, fetched and done.
 */
export async function tidyUp(pool: Pool): Promise<void> {
  await pool.query(TIDY_UP);
}
