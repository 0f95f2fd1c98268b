import { type RawBuilder, sql } from 'kysely';
import type { EventState } from '../../catalog/activity-api.js';
import type { Failure } from '../../catalog/admin-api.js';
import type { Database } from '../deps.js';

/** What becomes of events that were still to be delivered. */
export interface Undelivered {
  readonly state: EventState;
  readonly failure: Failure | null;
}

const isUndelivered = sql<boolean>`state = 'waiting' and delivered_at is null`;

/**
 * Forgets what events tell and whose they are, and the words of whoever took or refused them, which may quote it. Ids, states, times and
 * codes stay. What is sent at this moment can't be called back; when it turns out that it arrived, the event becomes delivered, and nothing of
 * it comes back.
 *
 * @param db - A transaction.
 * @param chosen - The ids: a query, which locks them.
 * @returns How many events there were.
 */
export async function forgetEvents(
  db: Database,
  chosen: RawBuilder<unknown>,
  undelivered: Undelivered,
): Promise<number> {
  const code = undelivered.failure?.code ?? null;
  const message = undelivered.failure?.message ?? null;
  const { rows } = await sql<{ readonly id: string }>`
    with chosen as materialized (${chosen})
    update event set data = null, email_hash = null, customer_id = null,
      failure_code = case when ${isUndelivered} then coalesce(${code}, failure_code) else failure_code end,
      failure_message = case when ${isUndelivered} then ${message} end,
      state = case
        when ${isUndelivered} then ${undelivered.state}
        -- A replay takes nothing from Extole.
        when state = 'waiting' then 'delivered'
        else state
      end,
      due_at = null
    from chosen
    where event.id = chosen.id
    returning event.id`.execute(db);
  const ids = sql`any(${rows.map(({ id }) => id)}::uuid[])`;
  // A statement of its own: it sees attempts that began while this one waited for their events. Where none is noted as under way, nobody
  // can write down what it was answered.
  await sql`delete from attempt where event_id = ${ids} and outcome = 'under-way'`.execute(db);
  await sql`
    update attempt set failure_message = null
    where event_id = ${ids} and failure_message is not null`.execute(db);
  return rows.length;
}
