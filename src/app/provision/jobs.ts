import type { Selectable } from 'kysely';
import type { Failure, JobView } from '../../catalog/admin-api.js';
import type { JobTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import { failureColumns, failureIn } from './failure.js';
import { lockStore } from './lock-store.js';

/*
 * The jobs of a store run one after the other, and at most one waits: whoever wants another one while it does gets that one, since
 * a job brings the store to what its settings say when it runs, whoever asked for it. A job that runs is left to end; a newer one
 * waits beside it, and does what it left undone. So once a job has ended, whatever else is said to run in the store belonged to a
 * process that died, and has ended too.
 */

/** A job as the page shows it. */
export function jobView(row: Selectable<JobTable>): JobView {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    steps: row.steps,
    failure: failureIn(row),
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/**
 * Begins a job, or takes over one whose process died.
 *
 * @returns `undefined` when it has ended, or its store is gone: there is nothing to do.
 */
export async function beginJob(
  { db }: { readonly db: Database },
  storeHash: string,
  jobId: string,
): Promise<JobView | undefined> {
  const row = await db
    .updateTable('job')
    .set({ state: 'running' })
    .where('store_hash', '=', storeHash)
    .where('id', '=', jobId)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row && jobView(row);
}

/** Ends the job that runs in a store. */
export async function endJob(
  { db, now }: Pick<AppDeps, 'now'> & { readonly db: Database },
  storeHash: string,
  failure: Failure | null,
): Promise<void> {
  await db
    .updateTable('job')
    .set({ state: failure ? 'failed' : 'done', finished_at: now(), ...failureColumns(failure) })
    .where('store_hash', '=', storeHash)
    .where('state', '=', 'running')
    .execute();
}

/**
 * Has the job that runs in a store wait for another try.
 *
 * @returns Whether it waits. Where a newer one does, it ends instead.
 * @throws {AppError} `STORE_NOT_INSTALLED`
 */
export async function putBackJob(
  deps: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  jobId: string,
  failure: Failure,
): Promise<boolean> {
  return deps.db.transaction().execute(async (db) => {
    await lockStore(db, storeHash);
    const newer = await db
      .selectFrom('job')
      .select('id')
      .where('store_hash', '=', storeHash)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (newer) {
      await endJob({ ...deps, db }, storeHash, failure);
      return false;
    }
    await db
      .updateTable('job')
      .set({ state: 'waiting', ...failureColumns(failure) })
      .where('id', '=', jobId)
      .execute();
    return true;
  });
}
