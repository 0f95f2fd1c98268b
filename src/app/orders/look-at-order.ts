import { ORDER_EVENTS, type Settings } from '../../catalog/settings.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Order, Refund } from '../../store/order-types.js';
import type { AppDeps, Database } from '../deps.js';
import { emailHash } from '../privacy/email-hash.js';
import { type EventSource, emailOf, eventData } from './event-data.js';
import { neededParts, readParts } from './order-parts.js';
import {
  type Decision,
  needsRefunds,
  type ToldEvent,
  type Transition,
  transitionsOf,
} from './transitions.js';

/** A store, as far as its orders are decided by it. */
export interface StoreFacts {
  readonly client: BigCommerceClient;
  readonly ordersSince: Date;
  /** What counts for a storefront; `undefined` where nobody saved any. */
  settingsOf(channelId: number): Settings | undefined;
  /** What BigCommerce calls a storefront. */
  channelNameOf(channelId: number): string | undefined;
}

/** An order that is due. */
export interface DueOrder {
  readonly store_hash: string;
  readonly order_id: number;
  /** How often we had heard of it when the look began. */
  readonly heard_count: number;
  readonly failed_looks: number;
}

/** What was seen of an order. */
interface SeenOrder extends Omit<EventSource, 'settings'> {
  readonly settings: Settings | undefined;
  /** None unless they matter. */
  readonly refunds: readonly Refund[];
}

/**
 * Looks at an order in BigCommerce, makes events of what is new, and notes that nothing is due until something is heard again: all of it or
 * nothing. Others may look at the same time, and see an earlier or a later state: each event is made once.
 *
 * @throws {BigCommerceError} Any of its codes. The order is as due as before.
 */
export async function lookAtOrder(deps: AppDeps, store: StoreFacts, due: DueOrder): Promise<void> {
  const { db, now } = deps;
  const seen = await seeOrder(db, store, due, now());
  await db.transaction().execute((transaction) => keepLook(deps, transaction, store, due, seen));
}

/** Asks BigCommerce for an order, and for what it takes to tell what is new; `undefined` when it is gone. */
async function seeOrder(
  db: Database,
  store: StoreFacts,
  due: DueOrder,
  seenAt: Date,
): Promise<SeenOrder | undefined> {
  const { client } = store;
  const order = await client.order(due.order_id);
  if (!order) return undefined;
  const settings = store.settingsOf(order.channel_id);
  const refunds = settings && needsRefunds(settings, order) ? await client.orderRefunds(order.id) : [];
  const seen = { order, settings, refunds, parts: {}, channelName: store.channelNameOf(order.channel_id) };
  const { transitions } = decide(store, seen, await toldEvents(db, due), seenAt);
  // What is told only ever grows, so whoever is to tell "created" in the end is so already.
  const isCreated = transitions.some(({ kind }) => kind === 'created');
  return settings && isCreated
    ? { ...seen, parts: await readParts(client, order.id, neededParts(settings)) }
    : seen;
}

/** @param db - A transaction. */
async function keepLook(
  { now, queue }: AppDeps,
  db: Database,
  store: StoreFacts,
  due: DueOrder,
  seen: SeenOrder | undefined,
): Promise<void> {
  const { store_hash, order_id } = due;
  const known = await db
    .selectFrom('store_order')
    .select(['heard_count', 'modified_at', 'priority'])
    .where((is) => is.and({ store_hash, order_id }))
    .forUpdate()
    .executeTakeFirst();
  // Its store was erased meanwhile.
  if (!known) return;
  const seenAt = now();
  const { outcome, transitions } = seen
    ? decide(store, seen, await toldEvents(db, due), seenAt)
    : { outcome: 'gone' as const, transitions: [] };
  if (seen?.settings && transitions.length > 0) {
    const source = { ...seen, settings: seen.settings };
    const rows = transitions.map((transition) => eventRow(store_hash, source, transition));
    await db
      .insertInto('event')
      .values(
        rows.map((row) => ({
          ...row,
          state: 'waiting' as const,
          priority: known.priority,
          created_at: seenAt,
          due_at: seenAt,
        })),
      )
      .onConflict((conflict) => conflict.columns(['store_hash', 'order_id', 'kind', 'refund_id']).doNothing())
      .execute();
  }
  await db
    .updateTable('store_order')
    .set({
      outcome,
      looked_at: seenAt,
      failed_looks: 0,
      failure_code: null,
      failure_message: null,
      // What was heard since this look began may be of something that it did not see.
      ...(known.heard_count === due.heard_count && { due_at: null }),
      // Somebody may have seen a later state meanwhile.
      ...(seen && !isEarlier(seen.order.date_modified, known.modified_at) && stateColumns(seen.order)),
    })
    .where((is) => is.and({ store_hash, order_id }))
    .execute();
  // Last, since whoever else finds something of this store waits for it from here on.
  if (transitions.length > 0) await queue.wake('deliver', store_hash, { db });
}

const decide = (
  { ordersSince }: StoreFacts,
  { order, refunds, settings }: SeenOrder,
  told: readonly ToldEvent[],
  seenAt: Date,
): Decision => transitionsOf({ order, refunds, told, settings, ordersSince, seenAt });

async function toldEvents(db: Database, { store_hash, order_id }: DueOrder): Promise<ToldEvent[]> {
  const rows = await db
    .selectFrom('event')
    .select(['kind', 'refund_id'])
    .where((is) => is.and({ store_hash, order_id }))
    .execute();
  return rows.flatMap((row) => {
    const kind = ORDER_EVENTS.find((known) => known === row.kind);
    return kind ? [{ kind, refundId: row.refund_id }] : [];
  });
}

function eventRow(storeHash: string, source: EventSource, transition: Transition) {
  const { order, settings } = source;
  const email = emailOf(order);
  return {
    store_hash: storeHash,
    channel_id: order.channel_id,
    order_id: order.id,
    kind: transition.kind,
    refund_id: transition.refundId,
    name: settings.orderEvents[transition.kind].name,
    occurred_at: transition.occurredAt,
    data: JSON.stringify(eventData(transition, source)),
    customer_id: order.customer_id || null,
    email_hash: email ? emailHash(storeHash, email) : null,
  };
}

const stateColumns = ({ channel_id, status_id, date_modified }: Order) => ({
  channel_id,
  status_id,
  modified_at: date_modified,
});

const isEarlier = (date: Date | null, than: Date | null): boolean =>
  date !== null && than !== null && date < than;
