import { type Insertable, type Kysely, sql } from 'kysely';
import type { EventTable, Tables } from '../../src/app/database/tables.js';

let orders = 0;

/** An event as it is kept, each of an order of its own unless said otherwise: delivered, of a store and a time. */
export function storedEvent(
  storeHash: string,
  createdAt: Date,
  more: Partial<Insertable<EventTable>> = {},
): Insertable<EventTable> {
  orders += 1;
  return {
    store_hash: storeHash,
    channel_id: 1,
    order_id: orders,
    kind: 'created',
    name: 'conversion',
    occurred_at: createdAt,
    created_at: createdAt,
    data: JSON.stringify({ partner_conversion_id: `${orders}` }),
    state: 'delivered',
    attempt_count: 1,
    delivered_at: createdAt,
    extole_event_id: `e-${orders}`,
    ...more,
  };
}

/** Keeps events, in this order. @returns Their ids, in the same order. */
export async function keepEvents(
  db: Kysely<Tables>,
  events: readonly Insertable<EventTable>[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const event of events) {
    const { id } = await db.insertInto('event').values(event).returning('id').executeTakeFirstOrThrow();
    ids.push(id);
  }
  return ids;
}

/** Keeps many delivered events, each a microsecond after the one before. */
export async function keepManyEvents(
  db: Kysely<Tables>,
  storeHash: string,
  createdAt: Date,
  count: number,
): Promise<void> {
  await sql`
    insert into event (store_hash, channel_id, order_id, kind, name, occurred_at, created_at, state, delivered_at)
    select ${storeHash}, 1, 1000000 + number, 'created', 'conversion', at, at, 'delivered', at
    from (
      select number, ${createdAt}::timestamptz + interval '1 microsecond' * number as at
      from generate_series(1, ${count}::int) as number
    ) as numbered`.execute(db);
}
