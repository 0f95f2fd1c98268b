import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AttemptView, EventDetail } from '../../catalog/activity-api.js';
import { AppError } from '../app-error.js';
import { eventBody } from '../deliveries/event-body.js';
import type { AppDeps } from '../deps.js';
import { deliveryFailure, eventView, VIEW_COLUMNS } from './event-view.js';
import { maskPerson } from './mask-person.js';

const ATTEMPTS_SHOWN = 100;

/**
 * An event of a store, with what is sent and each try to deliver it.
 *
 * @param options.isRevealed - Whether personal data is shown as it is sent. Otherwise {@link maskPerson} masks it.
 * @throws {AppError} `EVENT_UNKNOWN`, also for an event of another store.
 */
export async function eventDetail(
  { db }: Pick<AppDeps, 'db'>,
  storeHash: string,
  eventId: string,
  { isRevealed }: { readonly isRevealed: boolean },
): Promise<EventDetail> {
  const id = z.uuid().safeParse(eventId).data;
  const row =
    id &&
    (await db
      .selectFrom('event')
      .select([...VIEW_COLUMNS, 'data', 'customer_id'])
      .where('store_hash', '=', storeHash)
      .where('id', '=', id)
      .executeTakeFirst());
  if (!row) throw new AppError('EVENT_UNKNOWN', 'the store has no such event. Reload the page.', 404);
  const { data } = row;
  const shown = data && (isRevealed ? data : maskPerson(data, row.customer_id));
  return {
    ...eventView(row),
    payload: shown && eventBody({ ...row, data: shown }),
    isMasked: !isDeepStrictEqual(shown, data),
    extoleEventId: row.extole_event_id,
    attempts: await attemptViews(db, row.id),
  };
}

async function attemptViews(db: AppDeps['db'], eventId: string): Promise<AttemptView[]> {
  const rows = await db
    .selectFrom('attempt')
    .selectAll()
    .where('event_id', '=', eventId)
    .orderBy('number', 'desc')
    .limit(ATTEMPTS_SHOWN)
    .execute();
  return rows.map((row) => ({
    number: row.number,
    startedAt: row.started_at.toISOString(),
    durationMs: row.duration_ms,
    status: row.status,
    outcome: row.outcome,
    failure: deliveryFailure(row),
  }));
}
