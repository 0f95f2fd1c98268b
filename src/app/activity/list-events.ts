import { sql } from 'kysely';
import { z } from 'zod';
import type { EventFilter, EventsAnswer } from '../../catalog/activity-api.js';
import { AppError } from '../app-error.js';
import { matchesFilter } from '../deliveries/matches-filter.js';
import type { AppDeps, Database } from '../deps.js';
import { type EventRow, eventView, VIEW_COLUMNS } from './event-view.js';

const PAGE_SIZE = 50;

/**
 * A page of a store's events, the newest first: of what was found at the same time, what happened last.
 *
 * The cursor is the id of the last event of the page before, so that no event is listed twice or left out, however many have the same time
 * and whatever comes in meanwhile.
 *
 * @throws {AppError} `CURSOR_INVALID`
 */
export async function listEvents(
  { db }: Pick<AppDeps, 'db'>,
  storeHash: string,
  { cursor, ...filter }: EventFilter & { readonly cursor?: string | undefined },
): Promise<EventsAnswer> {
  if (cursor !== undefined) await checkCursor(db, storeHash, cursor);
  const rows = await eventRows(db, storeHash, filter, { after: cursor, limit: PAGE_SIZE + 1 });
  const page = rows.slice(0, PAGE_SIZE);
  return {
    events: page.map(eventView),
    next: rows.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null,
  };
}

/**
 * A store's events that a filter names, the newest first.
 *
 * @param options.after - The id of an event of the store. What comes after it in the list is given.
 */
export async function eventRows(
  db: Database,
  storeHash: string,
  filter: EventFilter,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<EventRow[]> {
  let query = db
    .selectFrom('event')
    .select(VIEW_COLUMNS)
    .where('store_hash', '=', storeHash)
    .where(matchesFilter(filter))
    .orderBy('created_at', 'desc')
    .orderBy('sequence', 'desc')
    .limit(limit);
  if (after !== undefined) {
    // Compared where it is kept: a `Date` has lost the microseconds.
    query = query.where(
      sql<boolean>`(created_at, sequence) < (select created_at, sequence from event where id = ${after})`,
    );
  }
  return query.execute();
}

async function checkCursor(db: Database, storeHash: string, cursor: string): Promise<void> {
  const id = z.uuid().safeParse(cursor).data;
  const event =
    id &&
    (await db
      .selectFrom('event')
      .select('id')
      .where('store_hash', '=', storeHash)
      .where('id', '=', id)
      .executeTakeFirst());
  if (event) return;
  throw new AppError(
    'CURSOR_INVALID',
    'the list does not go on from there: no page of it ended with that cursor. Begin with its first page.',
    422,
  );
}
