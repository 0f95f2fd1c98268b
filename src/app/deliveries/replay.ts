import { sql } from 'kysely';
import type { ReplayAnswer, ReplayBody } from '../../catalog/activity-api.js';
import type { AppDeps } from '../deps.js';
import { matchesFilter } from './matches-filter.js';

/**
 * Has events of a store sent again: dead ones, delivered ones, and those that wait for their next try. Each keeps its id and what it tells.
 * One that is being sent at this moment is left to whoever sends it. Settles when all are due, and the store has its turn.
 *
 * Where a filter chose them they let new events pass, however many they are.
 */
export async function replay(
  { db: database, now, queue }: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  storeHash: string,
  body: ReplayBody,
): Promise<ReplayAnswer> {
  const isChosen = 'ids' in body ? sql<boolean>`id = any(${body.ids}::uuid[])` : matchesFilter(body.filter);
  const priority = 'ids' in body ? sql`event.priority` : sql`1`;
  const replayedAt = now();
  return database.transaction().execute(async (db) => {
    const { rows } = await sql<ReplayAnswer>`
      with chosen as materialized (
        select id, data is null as is_forgotten from event
        where store_hash = ${storeHash} and ${isChosen}
        order by id
        for update
      ), replayed as (
        update event set state = 'waiting', due_at = ${replayedAt}, failing_since = null, priority = ${priority}
        from chosen
        where event.id = chosen.id and not is_forgotten and not (
          event.state = 'waiting' and event.due_at > ${replayedAt} and exists (
            select from attempt
            where attempt.event_id = event.id and attempt.number = event.attempt_count
              and attempt.outcome = 'under-way'
          )
        )
      )
      select count(*) filter (where not is_forgotten) as replayed, count(*) filter (where is_forgotten) as forgotten
      from chosen`.execute(db);
    await queue.wake('deliver', storeHash, { db });
    const [{ replayed, forgotten } = { replayed: 0, forgotten: 0 }] = rows;
    return { replayed, forgotten };
  });
}
