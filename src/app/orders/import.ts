import type { Selectable } from 'kysely';
import type { ImportView } from '../../catalog/activity-api.js';
import type { Failure } from '../../catalog/admin-api.js';
import { AppError } from '../app-error.js';
import type { OrderImportTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import { failureColumns, failureIn, failureOf, isPassing } from '../provision/failure.js';
import { lockStore } from '../provision/lock-store.js';
import type { Tasks } from '../queue/queue.js';
import { toldSettings } from '../settings/settings.js';
import { storeClient } from '../stores/stores.js';
import { markFound } from './found-orders.js';
import { goThroughPages } from './order-pages.js';

/** Nobody had a store with BigCommerce before. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

/** BigCommerce's times are whole seconds, and it does not say whether bounds belong to it. */
const OVERLAP_MS = 1_000;

/** An import as the page shows it. */
export function importView(row: Selectable<OrderImportTable>): ImportView {
  return {
    id: row.id,
    since: row.since.toISOString(),
    state: row.state,
    found: row.found,
    failure: failureIn(row),
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/**
 * Has the orders of a store imported that were placed since a date, before the app was installed too: from now on all of them are ours, and
 * what becomes of them is told. New orders let them pass.
 *
 * @param user - Who asks for it.
 * @returns The import, which runs once the transaction is through.
 * @throws {AppError} 422 `IMPORT_DATE_INVALID`, 409 `IMPORT_RUNNING`, 404 `STORE_NOT_INSTALLED`
 */
export async function startImport(
  deps: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  { storeHash, userId }: { readonly storeHash: string; readonly userId: number },
  since: Date,
): Promise<ImportView> {
  const { db: database, now, queue } = deps;
  const startedAt = now();
  if (since < EARLIEST || since > startedAt) {
    throw new AppError(
      'IMPORT_DATE_INVALID',
      `orders can't be imported since ${since.toISOString()}. Choose a date from 2000 until today.`,
      422,
    );
  }
  const row = await database.transaction().execute(async (db) => {
    await lockStore(db, storeHash);
    const started = await db
      .insertInto('order_import')
      .values({ store_hash: storeHash, since, state: 'running', asked_by: userId, created_at: startedAt })
      .onConflict((conflict) => conflict.column('store_hash').where('state', '=', 'running').doNothing())
      .returningAll()
      .executeTakeFirst();
    // Should the one that runs have lost its job, it goes on from where it came.
    await queue.wake('import', storeHash, { db });
    if (!started) return undefined;
    await db
      .updateTable('order_sweep')
      .set(({ fn, ref, val }) => ({ orders_since: fn('least', [ref('orders_since'), val(since)]) }))
      .where('store_hash', '=', storeHash)
      .execute();
    return started;
  });
  if (!row) {
    throw new AppError(
      'IMPORT_RUNNING',
      'orders of this store are being imported at the moment. Wait until that is done.',
      409,
    );
  }
  return importView(row);
}

/**
 * Goes on with the import of a store, for a turn, and has the next turn wait in the queue while there is more. It goes from where the turn
 * before it came, whatever became of that; when it is through, or can't be, the row of the import says so.
 *
 * @throws What may go better later, so that the queue tries again.
 */
export async function importOrders(
  deps: AppDeps,
  storeHash: string,
  attempt: Parameters<Tasks['import']>[1],
): Promise<void> {
  const { db, log, queue } = deps;
  const running = await db
    .selectFrom('order_import')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (!running) return;
  try {
    if (await takeTurn(deps, running)) await queue.wake('import', storeHash);
  } catch (error) {
    const failure = failureOf(error);
    log.warn({ storeHash, attempt: attempt.number, code: failure.code }, 'orders could not be imported');
    if (isPassing(error) && !attempt.isLast) throw error;
    await endImport(deps, db, running.id, failure);
  }
}

/** @returns Whether there is more, for another turn. */
async function takeTurn(
  deps: AppDeps,
  { id, store_hash: storeHash, since, next_order_id }: Selectable<OrderImportTable>,
): Promise<boolean> {
  const { db: database } = deps;
  const client = await storeClient(deps, storeHash);
  const told = await toldSettings(database, storeHash);
  const minDateCreated = new Date(since.getTime() - OVERLAP_MS);
  return goThroughPages(
    next_order_id,
    (minId) => client.ordersPage({ minId, minDateCreated }),
    (orders, { fromId, nextId }) =>
      database.transaction().execute(async (db) => {
        const current = await db
          .selectFrom('order_import')
          .select('id')
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('next_order_id', '=', fromId)
          .forUpdate()
          .executeTakeFirst();
        // Another process took us for dead, and goes on from here.
        if (!current) return false;
        const count = await markFound(deps, db, storeHash, orders, { told, foundBy: 'import', priority: 1 });
        await db
          .updateTable('order_import')
          .set(({ eb }) => ({
            found: eb('found', '+', count),
            ...(nextId !== null && { next_order_id: nextId }),
          }))
          .where('id', '=', id)
          .execute();
        if (nextId === null) await endImport(deps, db, id, null);
        return true;
      }),
  );
}

async function endImport(
  { now }: Pick<AppDeps, 'now'>,
  db: Database,
  id: string,
  failure: Failure | null,
): Promise<void> {
  await db
    .updateTable('order_import')
    .set({
      state: failure ? 'failed' : 'done',
      ...failureColumns(failure),
      finished_at: now(),
    })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}
