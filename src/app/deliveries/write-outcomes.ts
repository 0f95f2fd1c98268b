import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { inBatches } from '../in-batches.js';
import { failureColumns } from '../provision/failure.js';
import { inIndexOrder } from './in-index-order.js';
import type { Verdict } from './verdict.js';

/** How an attempt ended. */
export interface Outcome extends Verdict {
  readonly eventId: string;
  /** Of the attempt. */
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly endedAt: Date;
  /** The HTTP status; `null` when there was no answer. */
  readonly status: number | null;
}

/** A database that comes back within seconds saves Extole from being told the same again. */
const TRIES = 12;
const BETWEEN_TRIES_MS = 500;

const MAX_ROWS = 50;

/**
 * Makes what writes outcomes: at once, but for those that come while others are written, which are written together after them.
 *
 * @returns A function that settles when the outcome is written, and rejects when the database stays away for 6 seconds.
 */
export const outcomeWriter = (db: AppDeps['db']): ((outcome: Outcome) => Promise<void>) =>
  inBatches(MAX_ROWS, async (outcomes) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await writeOutcomes(db, outcomes);
      } catch (error) {
        if (tries === TRIES) throw error;
        await pause(BETWEEN_TRIES_MS);
      }
    }
  });

/**
 * Writes how attempts ended. What has become of the event meanwhile counts: an outcome of an attempt that is not the last one any more
 * (somebody else took over after the lease), or of an event that does not wait, changes nothing but the attempt. Except for a delivery: Extole
 * has the event then, whatever others think, unless it was delivered before and is to be sent again.
 *
 * Safe to repeat.
 */
export async function writeOutcomes(db: AppDeps['db'], outcomes: readonly Outcome[]): Promise<void> {
  // Whoever locks several rows in the same order does not lock each other out.
  const rows = [...outcomes]
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1))
    .map((outcome) => ({
      id: outcome.eventId,
      number: outcome.number,
      attempt: outcome.attempt,
      started_at: outcome.startedAt,
      duration_ms: outcome.durationMs,
      status: outcome.status,
      state: outcome.state,
      due_at: outcome.dueAt,
      failing_since: outcome.failingSince,
      ...failureColumns(outcome.failure),
      delivered_at: outcome.state === 'delivered' ? outcome.endedAt : null,
      extole_event_id: outcome.extoleEventId,
    }));
  await sql`
    with outcome as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as outcome (
        id uuid, number int, attempt text, started_at timestamptz, duration_ms int, status int, state text,
        due_at timestamptz, failing_since timestamptz, failure_code text, failure_message text,
        delivered_at timestamptz, extole_event_id text
      )
    ), noted as (
      update attempt set outcome = outcome.attempt, started_at = outcome.started_at,
        duration_ms = outcome.duration_ms, status = outcome.status,
        failure_code = outcome.failure_code, failure_message = outcome.failure_message
      from outcome
      where attempt.event_id = outcome.id and attempt.number = outcome.number and attempt.outcome = 'under-way'
    )
    update event set state = outcome.state, due_at = outcome.due_at, failing_since = outcome.failing_since,
      failure_code = outcome.failure_code, failure_message = outcome.failure_message,
      -- When Extole first had it: a replay makes no event late.
      delivered_at = coalesce(event.delivered_at, outcome.delivered_at),
      extole_event_id = coalesce(outcome.extole_event_id, event.extole_event_id)
    from outcome
    where event.id = outcome.id and (
      (event.attempt_count = outcome.number and event.state = 'waiting')
      or (outcome.state = 'delivered' and event.state <> 'delivered' and event.delivered_at is null)
    )`.execute(db);
  const failed = outcomes.filter(({ attempt }) => attempt === 'retry').map(({ eventId }) => eventId);
  if (failed.length > 0) await holdLaterOnes(db, failed);
}

/** Has the later events of an order wait as long as one that waits for its next try: those that can't go are in nobody's way. */
async function holdLaterOnes(db: AppDeps['db'], eventIds: readonly string[]): Promise<void> {
  const holding = sql`
    with later as materialized (
      select later.id, failed.due_at
      from event as failed cross join lateral (
        select id from event
        where store_hash = failed.store_hash and order_id = failed.order_id and sequence > failed.sequence
          and state = 'waiting' and due_at < failed.due_at
        order by sequence
        offset 0
      ) as later
      where failed.id = any(${[...eventIds]}::uuid[]) and failed.state = 'waiting'
    ), locked as materialized (
      select event.id, later.due_at from later join event on event.id = later.id
      order by event.id
      for update of event
    )
    update event set due_at = locked.due_at from locked where event.id = locked.id`;
  await inIndexOrder(db, (transaction) => holding.execute(transaction));
}
