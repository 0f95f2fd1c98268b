import type { JobView } from '../../catalog/admin-api.js';
import type { AppDeps, Database } from '../deps.js';
import { jobView } from './jobs.js';
import { lockStore } from './lock-store.js';

/**
 * Has a store brought to what its settings say, once the transaction is through.
 *
 * @param db - A transaction that what the job is about is part of; otherwise it gets one of its own.
 * @param runAt - Not before, unless another job waits, which is left as it is, or runs, which is added once more. At once unless said
 *   otherwise.
 * @returns The job. One that waited already is taken.
 * @throws {AppError} `STORE_NOT_INSTALLED`
 */
export async function addJob(
  deps: Pick<AppDeps, 'queue' | 'now'>,
  db: Database,
  storeHash: string,
  kind: JobView['kind'],
  runAt?: Date,
): Promise<JobView> {
  if (!db.isTransaction) {
    return db.transaction().execute((transaction) => addJob(deps, transaction, storeHash, kind, runAt));
  }
  await lockStore(db, storeHash);
  const unfinished = await db
    .selectFrom('job')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .where('state', 'in', ['waiting', 'running'])
    // One that begins at this moment might not see what the transaction changes.
    .forUpdate()
    .execute();
  const waiting = unfinished.find(({ state }) => state === 'waiting');
  const running = unfinished.find(({ state }) => state === 'running');
  if (waiting && runAt) return jobView(waiting);
  // Its process may have died: whoever comes after it does all that it was to do, and puts nothing off.
  if (running && runAt) return addJob(deps, db, storeHash, running.kind);
  const row = waiting
    ? await db
        .updateTable('job')
        .set({ kind })
        .where('id', '=', waiting.id)
        .returningAll()
        .executeTakeFirstOrThrow()
    : await db
        .insertInto('job')
        .values({ store_hash: storeHash, kind, state: 'waiting', steps: '[]', created_at: deps.now() })
        .returningAll()
        .executeTakeFirstOrThrow();
  const job = jobView(row);
  await deps.queue.add(
    'provision',
    { storeHash, jobId: job.id },
    { key: `provision:${storeHash}`, db, ...(runAt && { runAt }) },
  );
  return job;
}
