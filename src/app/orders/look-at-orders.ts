import type { Failure } from '../../catalog/admin-api.js';
import { settleAll } from '../deliveries/settle-all.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf, isStoreClosed } from '../provision/failure.js';
import { effectiveSettingsOfStore } from '../settings/settings.js';
import { storeClient } from '../stores/stores.js';
import { keepFailure, putOffAll } from './failed-looks.js';
import { type DueOrder, lookAtOrder, type StoreFacts } from './look-at-order.js';

/*
 * Which orders are due stands in table `store_order`; the job only says that there are some. What a turn does not come to, for whatever
 * reason, stays due.
 */

/** How many orders a turn looks at, for how long it begins with further ones, and how many it looks at at the same time. */
const TURN_SIZE = 25;
const TURN_MS = 20_000;
const AT_ONCE = 4;

/** The longest that a call may take in all: longer than BigCommerce's window of calls, so that a spent quota is there again. */
const CALL_TIMEOUT_MS = 35_000;

/** For now, no other order of the store would fare better. */
const STORE_IS_BUSY = new Set(['BIGCOMMERCE_RATE_LIMITED', 'BIGCOMMERCE_UNAVAILABLE']);

/**
 * Looks at the orders of a store that are due, and makes events of what is new: as many as a turn has time for. The next turn waits in the
 * queue then, behind other stores' where more are due now.
 *
 * An order that can't be looked at is tried again, later each time, and never given up. A store that is busy has its next turn after a
 * pause; one that does not let us in has it an hour later, or when {@link resumeLooks} says so.
 *
 * Settles when the turn is over. Rejects only when the database fails: what is not done is as due as before then. Any number of turns may
 * go on at the same time, and die at any moment.
 */
export async function lookAtOrders(deps: AppDeps, storeHash: string): Promise<void> {
  const { now, queue } = deps;
  const due = await dueOrders(deps, storeHash);
  const pausedUntil = due.length > 0 ? await takeTurn(deps, storeHash, due) : undefined;
  // Behind a full turn there is most likely another one.
  const next = due.length === TURN_SIZE ? now() : await nextDueAt(deps, storeHash);
  if (!next) return;
  const runAt = new Date(Math.max(next.getTime(), pausedUntil?.getTime() ?? 0));
  await queue.wake('look-at-orders', storeHash, runAt > now() ? { runAt, keepsRunAt: true } : {});
}

/**
 * Has all orders of a store looked at now that could not be before: there may be a token that BigCommerce takes. A turn that the former one is
 * just failing in has no say on them any more.
 *
 * @param db - A transaction that what has changed is part of.
 */
export async function resumeLooks(
  { now, queue }: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
): Promise<void> {
  await db
    .updateTable('store_order')
    .set({ due_at: now() })
    .where('store_hash', '=', storeHash)
    .where('order_id', 'in', ({ selectFrom }) =>
      selectFrom('store_order')
        .select('order_id')
        .where('store_hash', '=', storeHash)
        .where('due_at', 'is not', null)
        // Whoever writes several orders does so in this order, so that no two wait for each other.
        .orderBy('order_id')
        .forUpdate(),
    )
    .execute();
  await queue.wake('look-at-orders', storeHash, { db });
}

const dueOrders = ({ db, now }: AppDeps, storeHash: string): Promise<DueOrder[]> =>
  db
    .selectFrom('store_order')
    .select(['store_hash', 'order_id', 'heard_count', 'failed_looks'])
    .where('store_hash', '=', storeHash)
    .where('due_at', '<=', now())
    .orderBy('priority')
    .orderBy('due_at')
    .limit(TURN_SIZE)
    .execute();

async function nextDueAt({ db }: AppDeps, storeHash: string): Promise<Date | null> {
  const { dueAt } = await db
    .selectFrom('store_order')
    .select(({ fn }) => fn.min('due_at').as('dueAt'))
    .where('store_hash', '=', storeHash)
    .where('due_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return dueAt;
}

/** @returns Until when the store is left alone, if it has to be. */
async function takeTurn(
  deps: AppDeps,
  storeHash: string,
  due: readonly DueOrder[],
): Promise<Date | undefined> {
  const { log, now, timing } = deps;
  const dueAt = now();
  const failure = await lookAtAll(deps, storeHash, due);
  if (!failure) return undefined;
  const { code } = failure;
  const isClosed = isStoreClosed(failure);
  const until = new Date(now().getTime() + (isClosed ? timing.tokenPauseMs : timing.rateLimitPauseMs));
  if (isClosed) await putOffAll(deps, storeHash, failure, { dueAt, until });
  log.warn({ storeHash, code, until }, "a store's orders can't be looked at for now");
  return until;
}

/** @returns Why the rest was left, if it was. */
async function lookAtAll(
  deps: AppDeps,
  storeHash: string,
  due: readonly DueOrder[],
): Promise<Failure | undefined> {
  const { log, now } = deps;
  const endsAt = now().getTime() + TURN_MS;
  const stops: Failure[] = [];
  const waiting = due.values();

  const look = async (store: StoreFacts, order: DueOrder): Promise<void> => {
    try {
      await lookAtOrder(deps, store, order);
    } catch (error) {
      const failure = failureOf(error);
      const isClosed = isStoreClosed(failure);
      if (isClosed || STORE_IS_BUSY.has(failure.code)) stops.push(failure);
      else log.warn({ storeHash, orderId: order.order_id, err: error }, 'an order could not be looked at');
      if (!isClosed) await keepFailure(deps, order, failure);
    }
  };
  const lookOn = async (store: StoreFacts): Promise<void> => {
    for (const order of waiting) {
      if (stops.length > 0 || now().getTime() >= endsAt) return;
      await look(store, order);
    }
  };
  try {
    const store = await readStore(deps, storeHash);
    await settleAll(Array.from({ length: AT_ONCE }, () => lookOn(store)));
  } catch (error) {
    const failure = failureOf(error);
    if (!isStoreClosed(failure)) throw error;
    stops.push(failure);
  }
  // One that is closed is not mended by a pause.
  return stops.find(isStoreClosed) ?? stops[0];
}

/** @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE` */
async function readStore(deps: AppDeps, storeHash: string): Promise<StoreFacts> {
  const { db } = deps;
  const client = await storeClient(deps, storeHash, { totalTimeoutMs: CALL_TIMEOUT_MS });
  const effectiveOf = await effectiveSettingsOfStore(db, storeHash);
  const { orders_since: ordersSince } = await db
    .selectFrom('order_sweep')
    .select('orders_since')
    .where('store_hash', '=', storeHash)
    .executeTakeFirstOrThrow();
  const channels = await db
    .selectFrom('channel')
    .select(['channel_id', 'name'])
    .where('store_hash', '=', storeHash)
    .execute();
  const names = new Map(channels.map(({ channel_id, name }) => [channel_id, name]));
  return {
    client,
    ordersSince,
    settingsOf(channelId) {
      const { isSaved, settings } = effectiveOf(channelId);
      return isSaved ? settings : undefined;
    },
    channelNameOf: (channelId) => names.get(channelId),
  };
}
