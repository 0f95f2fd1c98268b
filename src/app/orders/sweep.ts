import type { Selectable } from 'kysely';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { OrderSweepTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { turnOf } from '../provision/spread.js';
import { ensureWebhooks } from '../provision/webhooks.js';
import { toldSettings } from '../settings/settings.js';
import { storeClient } from '../stores/stores.js';
import { markFound } from './found-orders.js';
import { goThroughPages } from './order-pages.js';

/** How often each store is swept. */
const EVERY_MS = 15 * 60 * 1_000;

/** How far {@link sweepAll} looks ahead: a minute further than to its next run, which may be late. */
const AHEAD_MS = 2 * 60 * 1_000;

/** How much of what was swept is swept again: BigCommerce's times are whole seconds, and it does not say whether bounds belong to it. */
const OVERLAP_MS = 5_000;

/** What is swept at the moment: all that changed after `swept_to`, until `sweeping_to`. */
type Window = Pick<Selectable<OrderSweepTable>, 'swept_to' | 'next_order_id'> & {
  readonly sweeping_to: Date;
};

/**
 * Has the stores swept whose turn is within the next two minutes, of all that let us in. Every minute. Each store has its turn at a moment of
 * its own within each quarter of an hour, so one that missed it while no process ran has the next; until then, nothing waits for it.
 */
export async function sweepAll({ db, now, queue }: Pick<AppDeps, 'db' | 'now' | 'queue'>): Promise<void> {
  const stores = await db
    .selectFrom('store')
    .select('store_hash')
    .where('uninstalled_at', 'is', null)
    .where('token_refused_at', 'is', null)
    .execute();
  const from = now();
  for (const { store_hash: storeHash } of stores) {
    const runAt = nextTurnOf(storeHash, from);
    if (runAt.getTime() >= from.getTime() + AHEAD_MS) continue;
    // One that waits keeps its turn.
    await queue.wake('sweep', storeHash, { runAt, keepsRunAt: true });
  }
}

function nextTurnOf(storeHash: string, from: Date): Date {
  const round = new Date(from.getTime() - (from.getTime() % EVERY_MS));
  const turn = turnOf(storeHash, round, EVERY_MS);
  return turn >= from ? turn : new Date(turn.getTime() + EVERY_MS);
}

/**
 * Finds the orders of a store that changed since the last sweep and that no webhook told of, and has them looked at. What changed within the
 * last minutes is left to webhooks, and to the next sweep. Once an hour it makes sure that webhooks are switched on.
 *
 * A store that has many of them goes on in further turns, each from where the one before it came, whatever became of that. A store that tells
 * Extole nothing is not swept; once it does, it is swept from where it had come.
 *
 * @throws {BigCommerceError} Any of its codes. The log tells of it.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function sweep(deps: AppDeps, storeHash: string): Promise<void> {
  try {
    const client = await storeClient(deps, storeHash);
    if (await findOrders(deps, client)) await deps.queue.wake('sweep', storeHash);
    await checkWebhooks(deps, client);
  } catch (error) {
    deps.log.warn({ storeHash, code: failureOf(error).code }, 'a store could not be swept');
    throw error;
  }
}

/**
 * Has a store swept from where its orders are ours: a storefront tells Extole of its orders from now on, and earlier sweeps left those out.
 *
 * @param db - The transaction that switched it on.
 */
export async function sweepFromStart(
  queue: AppDeps['queue'],
  db: Database,
  storeHash: string,
): Promise<void> {
  await db
    .updateTable('order_sweep')
    .set(({ fn, ref }) => ({
      swept_to: fn('least', [ref('swept_to'), ref('orders_since')]),
      sweeping_to: null,
      next_order_id: 0,
    }))
    .where('store_hash', '=', storeHash)
    .execute();
  await queue.wake('sweep', storeHash, { db });
}

/** @returns Whether there is more, for another turn. */
async function findOrders(deps: AppDeps, client: BigCommerceClient): Promise<boolean> {
  const { db: database, log, now } = deps;
  const { storeHash } = client;
  const told = await toldSettings(database, storeHash);
  const window = told.size > 0 ? await currentWindow(deps, storeHash) : undefined;
  if (!window) return false;
  const { swept_to, sweeping_to } = window;
  const minDateModified = new Date(swept_to.getTime() - OVERLAP_MS);

  let found = 0;
  const isMore = await goThroughPages(
    window.next_order_id,
    (minId) => client.ordersPage({ minId, minDateModified, maxDateModified: sweeping_to }),
    (orders, { fromId, nextId }) =>
      database.transaction().execute(async (db) => {
        const current = await db
          .selectFrom('order_sweep')
          .select('store_hash')
          .where('store_hash', '=', storeHash)
          .where('sweeping_to', '=', sweeping_to)
          .where('next_order_id', '=', fromId)
          .forUpdate()
          .executeTakeFirst();
        // Another process took us for dead, and goes on from here.
        if (!current) return false;
        const count = await markFound(deps, db, storeHash, orders, { told, foundBy: 'sweep', priority: 0 });
        const progress =
          nextId === null
            ? { swept_to: sweeping_to, swept_at: now(), sweeping_to: null, next_order_id: 0 }
            : { next_order_id: nextId };
        await db
          .updateTable('order_sweep')
          .set(({ eb }) => ({
            ...progress,
            last_found: eb('last_found', '+', count),
            total_found: eb('total_found', '+', count),
          }))
          .where('store_hash', '=', storeHash)
          .execute();
        found += count;
        return true;
      }),
  );
  if (found > 0) log.info({ storeHash, found }, 'found orders that no webhook told of');
  return isMore;
}

/** The window that a turn before this one left, or a new one; `undefined` where nothing is to be swept yet. */
async function currentWindow({ db, now, timing }: AppDeps, storeHash: string): Promise<Window | undefined> {
  const sweepingTo = new Date(now().getTime() - timing.sweepLagMs);
  await db
    .updateTable('order_sweep')
    .set({ sweeping_to: sweepingTo, next_order_id: 0, last_found: 0 })
    .where('store_hash', '=', storeHash)
    // A store that installed the app again begins again, whatever was swept when it left.
    .where(({ eb, or, ref }) => or([eb('sweeping_to', 'is', null), eb('sweeping_to', '<=', ref('swept_to'))]))
    .where('swept_to', '<', sweepingTo)
    .execute();
  const window = await db
    .selectFrom('order_sweep')
    .select(['swept_to', 'sweeping_to', 'next_order_id'])
    .where('store_hash', '=', storeHash)
    .executeTakeFirst();
  return window?.sweeping_to ? { ...window, sweeping_to: window.sweeping_to } : undefined;
}

async function checkWebhooks(deps: AppDeps, client: BigCommerceClient): Promise<void> {
  const { db, log, now, timing } = deps;
  const { storeHash } = client;
  const checkedAt = now();
  const due = await db
    .selectFrom('order_sweep')
    .select('store_hash')
    .where('store_hash', '=', storeHash)
    .where(({ eb, or }) =>
      or([
        eb('hooks_checked_at', 'is', null),
        eb('hooks_checked_at', '<=', new Date(checkedAt.getTime() - timing.hooksCheckMs)),
      ]),
    )
    .executeTakeFirst();
  if (!due) return;
  const woken = await ensureWebhooks(deps, client);
  if (woken.length > 0)
    log.warn({ storeHash, scopes: woken }, 'webhooks were switched off, and are on again');
  await db
    .updateTable('order_sweep')
    .set({ hooks_checked_at: checkedAt })
    .where('store_hash', '=', storeHash)
    .execute();
}
