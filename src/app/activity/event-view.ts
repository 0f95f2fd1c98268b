import { type Selectable, sql } from 'kysely';
import type { EventView } from '../../catalog/activity-api.js';
import type { Failure } from '../../catalog/admin-api.js';
import type { EventTable } from '../database/tables.js';
import type { Database } from '../deps.js';
import { maskEmails } from './mask-person.js';

/** What {@link eventView} needs of an event. What was sent may be large, and is not read. */
export const VIEW_COLUMNS = [
  'id',
  'kind',
  'name',
  'channel_id',
  'order_id',
  'state',
  'occurred_at',
  'created_at',
  'delivered_at',
  'due_at',
  'attempt_count',
  'failure_code',
  'failure_message',
  'extole_event_id',
  sql<boolean>`data is not null`.as('has_payload'),
] as const;

/** An event without what was sent. */
export type EventRow = Pick<
  Selectable<EventTable>,
  Extract<(typeof VIEW_COLUMNS)[number], keyof EventTable>
> & { readonly has_payload: boolean };

/** An event as the list shows it. */
export const eventView = (row: EventRow): EventView => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  channelId: row.channel_id,
  orderId: row.order_id,
  state: row.state,
  occurredAt: row.occurred_at.toISOString(),
  createdAt: row.created_at.toISOString(),
  deliveredAt: row.delivered_at?.toISOString() ?? null,
  nextAttemptAt: (row.state === 'waiting' && row.due_at?.toISOString()) || null,
  attemptCount: row.attempt_count,
  failure: deliveryFailure(row),
  hasPayload: row.has_payload,
});

/** An event of a store, as the list shows it. Rejects when there is none. */
export async function viewOfEvent(db: Database, storeHash: string, id: string): Promise<EventView> {
  const row = await db
    .selectFrom('event')
    .select(VIEW_COLUMNS)
    .where('store_hash', '=', storeHash)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return eventView(row);
}

/** Why something was not delivered. Whoever refused it may have quoted what it was sent, so e-mail addresses are masked. */
export const deliveryFailure = (row: {
  readonly failure_code: string | null;
  readonly failure_message: string | null;
}): Pick<Failure, 'code' | 'message'> | null =>
  row.failure_code === null
    ? null
    : { code: row.failure_code, message: maskEmails(row.failure_message ?? '') };
