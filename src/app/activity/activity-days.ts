import { sql } from 'kysely';
import type { ActivityAnswer } from '../../catalog/activity-api.js';
import type { Database } from '../deps.js';

const DAYS = 14;
const DAY_MS = 24 * 60 * 60_000;

/** The events of a store that wait. */
export interface Waiting {
  readonly count: number;
  /** When the oldest was found that Extole never had; `null` when there is none. What is sent again is late for nobody. */
  readonly oldestAt: Date | null;
  /** How many were found on each day: `2026-03-01`. */
  readonly byDay: ReadonlyMap<string, number>;
}

/** Counts the events of a store that wait, however old. */
export async function countWaiting(db: Database, storeHash: string): Promise<Waiting> {
  const { rows } = await sql<{ day: Date; count: number; oldest_at: Date | null }>`
    select date_trunc('day', created_at, 'UTC') as day, count(*), min(created_at) filter (where delivered_at is null) as oldest_at
    from event where store_hash = ${storeHash} and state = 'waiting'
    group by day`.execute(db);
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    oldestAt: earliest(rows.map(({ oldest_at }) => oldest_at)),
    byDay: new Map(rows.map(({ day, count }) => [dayOf(day), count])),
  };
}

/**
 * The last 14 days of a store in UTC, today last.
 *
 * What was delivered is what was found less the rest, since only the rest has indexes of its own: a million events are counted without being
 * read. So all that it takes has to be read as of one moment.
 *
 * @param db - A transaction that sees one moment, the one that `waiting` is of.
 */
export async function activityDays(
  db: Database,
  storeHash: string,
  waiting: Waiting,
  now: Date,
): Promise<ActivityAnswer['days']> {
  const today = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
  const first = new Date(today.getTime() - (DAYS - 1) * DAY_MS);
  const { rows: days } = await sql<{ day: Date; found: number; dead: number; erased: number }>`
    select day,
      (select count(*) from event where ${isOfDay(storeHash)}) as found,
      (select count(*) from event where ${isOfDay(storeHash)} and state = 'dead') as dead,
      (select count(*) from event where ${isOfDay(storeHash)} and state = 'erased') as erased
    from generate_series(${first}::timestamptz, ${today}::timestamptz, interval '24 hours') as day
    order by day`.execute(db);
  const late = await deliveredLater(db, storeHash, first);
  return days.map(({ day, found, dead, erased }) => {
    const waitingCount = waiting.byDay.get(dayOf(day)) ?? 0;
    const end = new Date(Math.min(day.getTime() + DAY_MS, now.getTime()));
    const oldest = earliest([
      waiting.oldestAt,
      ...late.filter((one) => one.day > day).map(({ oldest_at }) => oldest_at),
    ]);
    return {
      day: dayOf(day),
      delivered: found - waitingCount - dead - erased,
      waiting: waitingCount,
      dead,
      oldestWaitingSeconds:
        oldest && oldest < end ? Math.floor((end.getTime() - oldest.getTime()) / 1_000) : 0,
    };
  });
}

const isOfDay = (storeHash: string) =>
  sql<boolean>`store_hash = ${storeHash} and created_at >= day and created_at < day + interval '24 hours'`;

/** The oldest of the events that were delivered on each day but not found on it. */
async function deliveredLater(
  db: Database,
  storeHash: string,
  since: Date,
): Promise<{ readonly day: Date; readonly oldest_at: Date }[]> {
  const { rows } = await sql<{ day: Date; oldest_at: Date }>`
    select date_trunc('day', delivered_at, 'UTC') as day, min(created_at) as oldest_at
    from event
    where store_hash = ${storeHash} and delivered_at >= ${since}
      and (delivered_at at time zone 'UTC')::date > (created_at at time zone 'UTC')::date
    group by day`.execute(db);
  return rows;
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

const earliest = (times: readonly (Date | null)[]): Date | null =>
  times.reduce((first, time) => (time && (!first || time < first) ? time : first), null);
