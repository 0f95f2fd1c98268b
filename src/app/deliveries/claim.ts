import { type RawBuilder, sql } from 'kysely';
import type { EventKind } from '../../catalog/activity-api.js';
import type { AppDeps, Database } from '../deps.js';
import { inIndexOrder } from './in-index-order.js';

/** An event that belongs to this process until its lease ends. */
export interface ClaimedEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly name: string;
  readonly occurred_at: Date;
  readonly created_at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  /** The attempt that it is claimed for. Whoever claims it later has a higher one. */
  readonly number: number;
  /** When it should have been tried, when it was claimed for it, and when others may claim it. */
  readonly was_due_at: Date;
  readonly claimed_at: Date;
  readonly lease_ends_at: Date;
  readonly failing_since: Date | null;
  readonly delivered_at: Date | null;
}

/** What an event has to be to be tried, once it is due: the first of its order that waits. */
const isNext: RawBuilder<boolean> = sql<boolean>`event.state = 'waiting' and event.data is not null
  and event.sequence = coalesce((
    select first.sequence from event as first
    where first.store_hash = event.store_hash and first.order_id = event.order_id and first.state = 'waiting'
    order by first.sequence
    limit 1
  ), event.sequence)`;

/**
 * Claims events that are due, each for one attempt, until the lease ends: those of priority 0 before those of 1, the oldest first, and of an
 * order one at most. In one statement, so that nobody else has claimed the same, and that nothing is claimed halfway.
 *
 * @param channelIds - Whose events.
 * @param limit - How many at most.
 * @returns In the order in which they are to be tried.
 */
export async function claim(
  { db, now, timing }: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  storeHash: string,
  channelIds: readonly number[],
  limit: number,
): Promise<ClaimedEvent[]> {
  const claimedAt = now();
  const leaseEndsAt = new Date(claimedAt.getTime() + timing.leaseMs);
  // Each storefront has its own place in the index, so that a million events of one that is paused are none in another's way.
  const claiming = sql<ClaimedEvent>`
    with head as materialized (
      select head.*
      from unnest(${[...channelIds]}::bigint[]) as channel (id) cross join lateral (
        select id, priority, due_at, sequence from event
        where store_hash = ${storeHash} and channel_id = channel.id and due_at <= ${claimedAt} and ${isNext}
        order by priority, due_at, sequence
        limit ${limit}
        for update skip locked
      ) as head
    ), chosen as materialized (
      select id, due_at from head order by priority, due_at, sequence limit ${limit}
    ), claimed as (
      update event set due_at = ${leaseEndsAt}, attempt_count = attempt_count + 1
      from chosen where event.id = chosen.id
      returning event.*, chosen.due_at as was_due_at
    ), begun as (
      insert into attempt (event_id, number, started_at, outcome)
      select id, attempt_count, ${claimedAt}, 'under-way' from claimed
    )
    select id, kind, name, occurred_at, created_at, data, attempt_count as number, was_due_at,
      ${claimedAt}::timestamptz as claimed_at, due_at as lease_ends_at, failing_since, delivered_at
    from claimed order by priority, was_due_at, sequence`;
  return inIndexOrder(db, async (transaction) => (await claiming.execute(transaction)).rows);
}

/**
 * Gives claimed events back that were not tried, as they were before. One that somebody else has claimed since stays theirs.
 */
export async function giveBack(db: Database, events: readonly ClaimedEvent[]): Promise<void> {
  if (events.length === 0) return;
  // Whoever locks several events does so in the order of their ids.
  const given = events
    .map(({ id, number, was_due_at }) => ({ id, number, due_at: was_due_at }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  await sql`
    with given as (
      select * from json_to_recordset(${JSON.stringify(given)}::json)
        as given (id uuid, number int, due_at timestamptz)
    ), gone as (
      delete from attempt using given
      where attempt.event_id = given.id and attempt.number = given.number and attempt.outcome = 'under-way'
    )
    update event set due_at = given.due_at, attempt_count = attempt_count - 1
    from given
    where event.id = given.id and event.attempt_count = given.number and event.state = 'waiting'`.execute(db);
}

/** When the next event of some storefronts can be claimed, which may be long since; `undefined` when none waits. */
export async function nextDueAt(
  db: AppDeps['db'],
  storeHash: string,
  channelIds: readonly number[],
): Promise<Date | undefined> {
  const looking = sql<{ due_at: Date | null }>`
    select min(head.due_at) as due_at
    from unnest(${[...channelIds]}::bigint[]) as channel (id)
    cross join (values (0::smallint), (1::smallint)) as level (priority)
    cross join lateral (
      select due_at from event
      where store_hash = ${storeHash} and channel_id = channel.id and priority = level.priority and ${isNext}
      order by due_at, sequence
      limit 1
    ) as head`;
  const { rows } = await inIndexOrder(db, (transaction) => looking.execute(transaction));
  return rows[0]?.due_at ?? undefined;
}
