import { type RawBuilder, sql } from 'kysely';
import type { ErasureBody, ErasureView } from '../../catalog/activity-api.js';
import type { AppDeps, Database } from '../deps.js';
import { emailHash } from './email-hash.js';
import { forgetEvents } from './forget-events.js';

/** How many records the page shows. */
const SHOWN = 100;

/**
 * Erases what the events of a person told: those of one store, found by e-mail address, however it is written, or by BigCommerce's id of the
 * customer. What was still to be delivered never is; what was stays, as an id with a state. That it was done is kept, and not of whom.
 *
 * Orders stay in BigCommerce: what becomes of one later is told again.
 *
 * @param user - Who asks for it.
 * @returns Settles when it is done. A person whom no event is about is one of whom there were 0.
 */
export async function erasePerson(
  { db: database, now }: Pick<AppDeps, 'db' | 'now'>,
  { storeHash, userId }: { readonly storeHash: string; readonly userId: number },
  body: ErasureBody,
): Promise<ErasureView> {
  const isTheirs =
    'email' in body
      ? sql<boolean>`email_hash = ${emailHash(storeHash, body.email)}`
      : sql<boolean>`customer_id = ${body.customerId}`;
  return database.transaction().execute(async (db) => {
    const events = await forgetEvents(db, lockedEvents(storeHash, isTheirs), {
      state: 'erased',
      failure: null,
    });
    const { id } = await db
      .insertInto('erasure')
      .values({
        store_hash: storeHash,
        asked_by: userId,
        erased_by: 'email' in body ? 'email' : 'customer-id',
        erased_at: now(),
        events,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const row = await records(db, storeHash).where('erasure.id', '=', id).executeTakeFirstOrThrow();
    return erasureView(row);
  });
}

/** The last 100 erasures of a store, the newest first. */
export async function erasures({ db }: Pick<AppDeps, 'db'>, storeHash: string): Promise<ErasureView[]> {
  const rows = await records(db, storeHash)
    .orderBy('erased_at', 'desc')
    .orderBy('erasure.id')
    .limit(SHOWN)
    .execute();
  return rows.map(erasureView);
}

// Whoever locks several does so in the order of their ids.
const lockedEvents = (storeHash: string, isTheirs: RawBuilder<boolean>): RawBuilder<unknown> =>
  sql`select id from event where store_hash = ${storeHash} and ${isTheirs} order by id for update`;

const records = (db: Database, storeHash: string) =>
  db
    .selectFrom('erasure')
    .leftJoin('store_user', (join) =>
      join
        .onRef('store_user.store_hash', '=', 'erasure.store_hash')
        .onRef('store_user.user_id', '=', 'erasure.asked_by'),
    )
    .select(['erasure.id', 'erased_by', 'erased_at', 'events', 'email'])
    .where('erasure.store_hash', '=', storeHash);

function erasureView(row: {
  readonly id: string;
  readonly erased_by: ErasureView['by'];
  readonly erased_at: Date;
  readonly events: number;
  readonly email: string | null;
}): ErasureView {
  return {
    id: row.id,
    by: row.erased_by,
    erasedAt: row.erased_at.toISOString(),
    askedBy: row.email,
    events: row.events,
  };
}
