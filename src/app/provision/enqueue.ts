import type { JobView } from '../../catalog/admin-api.js';
import type { AppDeps, Database } from '../deps.js';
import type { AddOptions } from '../queue/queue.js';
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

/**
 * Has a store looked at. What waits for that already is replaced.
 *
 * @param runAt - Not before. At once unless said otherwise.
 */
export function addLook(queue: AppDeps['queue'], storeHash: string, runAt?: Date): Promise<void> {
  return queue.add('look', { storeHash }, { key: `look:${storeHash}`, ...(runAt && { runAt }) });
}

/**
 * Has BigCommerce asked for a store's storefronts again. What waits for that already is replaced.
 *
 * @param runAt - Not before. At once unless said otherwise.
 */
export function addRefresh(queue: AppDeps['queue'], storeHash: string, runAt?: Date): Promise<void> {
  return queue.add(
    'refresh-channels',
    { storeHash },
    { key: `refresh-channels:${storeHash}`, ...(runAt && { runAt }) },
  );
}

/**
 * Has BigCommerce tell of what a store's settings ask for, and of nothing else. What waits for that already is replaced.
 *
 * @param options.db - A transaction that what the settings say is part of.
 */
export function addKeepWebhooks(
  queue: AppDeps['queue'],
  storeHash: string,
  options: { readonly db?: Database } = {},
): Promise<void> {
  return queue.add('keep-webhooks', { storeHash }, { key: `keep-webhooks:${storeHash}`, ...options });
}

/** Has a store searched for orders that no webhook told of. What waits for that already is replaced. */
export function addSweep(
  queue: AppDeps['queue'],
  storeHash: string,
  options: AddOptions = {},
): Promise<void> {
  return queue.add('sweep', { storeHash }, { key: `sweep:${storeHash}`, ...options });
}
