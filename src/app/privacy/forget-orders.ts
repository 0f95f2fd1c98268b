import { sql } from 'kysely';
import type { AppDeps, Database } from '../deps.js';

/** For how long it is known what was told of an order: longer than anybody gives goods back. */
const ORDER_KEPT_MS = 400 * 24 * 60 * 60 * 1_000;

const BATCH = 500;

/** How many of each were forgotten. */
export interface ForgottenOrders {
  readonly events: number;
  readonly orders: number;
}

/**
 * Forgets orders of which nothing was heard for 400 days, and the events of orders of which nothing was told for as long: all events of an
 * order at once, with their attempts. In small batches, each of which stays done.
 */
export async function forgetOrders({ db, now }: Pick<AppDeps, 'db' | 'now'>): Promise<ForgottenOrders> {
  const before = new Date(now().getTime() - ORDER_KEPT_MS);
  const stores = await db.selectFrom('store').select('store_hash').execute();
  let events = 0;
  let orders = 0;
  for (const { store_hash: storeHash } of stores) {
    events += await untilNoneIsLeft(() => forgetEventsOfOrders(db, storeHash, before));
    orders += await untilNoneIsLeft(() => forgetUnheard(db, storeHash, before));
  }
  return { events, orders };
}

async function untilNoneIsLeft(forgetBatch: () => Promise<number>): Promise<number> {
  for (let forgotten = 0; ; ) {
    const count = await forgetBatch();
    if (count === 0) return forgotten;
    forgotten += count;
  }
}

/**
 * From then on, no order of that time is one of ours: should something become of it after all, it would look like a new one, and be told
 * twice.
 */
async function forgetEventsOfOrders(db: Database, storeHash: string, before: Date): Promise<number> {
  const { rows } = await sql`
    with old as materialized (
      select id, order_id from event
      where store_hash = ${storeHash} and created_at <= ${before} and not exists (
        select from event as later
        where later.store_hash = event.store_hash and later.order_id = event.order_id
          and later.created_at > ${before}
      )
      order by created_at limit ${BATCH}
    ), whole as (
      -- A test has no order.
      select id from old
      union
      select event.id from old join event on event.store_hash = ${storeHash} and event.order_id = old.order_id
    ), moved as (
      update order_sweep set orders_since = greatest(orders_since, ${before}::timestamptz)
      where store_hash = ${storeHash} and exists (select from old)
    )
    delete from event using whole where event.id = whole.id
    returning event.id`.execute(db);
  return rows.length;
}

/** Ids grow with time: once nothing is old among the smallest, nothing is. */
async function forgetUnheard(db: Database, storeHash: string, before: Date): Promise<number> {
  const { rows } = await sql`
    with smallest as materialized (
      select order_id, heard_at, due_at from store_order
      where store_hash = ${storeHash} order by order_id limit ${BATCH}
    )
    delete from store_order
    where store_hash = ${storeHash} and due_at is null and order_id = any(array(
      select order_id from smallest where heard_at <= ${before} and due_at is null
    ))
    returning order_id`.execute(db);
  return rows.length;
}
