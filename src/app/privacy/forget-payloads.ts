import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { forgetEvents } from './forget-events.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Small enough that nobody who delivers waits for it. */
const BATCH = 500;

/**
 * Forgets what events told, and whose they are, once they are as old as the app is set to keep it (`PAYLOAD_DAYS`). Those that were still to
 * be delivered by then are dead, with the code `PAYLOAD_EXPIRED`. In small batches, each of which stays done.
 *
 * @returns How many events it forgot.
 */
export async function forgetPayloads({
  config,
  db: database,
  now,
}: Pick<AppDeps, 'config' | 'db' | 'now'>): Promise<number> {
  const { payloadDays } = config;
  const before = new Date(now().getTime() - payloadDays * DAY_MS);
  const failure = {
    code: 'PAYLOAD_EXPIRED',
    message: `it could not be delivered within the ${payloadDays} days that payloads are kept for, and what it was to tell is forgotten.`,
  };
  // One that somebody writes to at this moment has its turn tomorrow.
  const batch = sql`
    select id from event where data is not null and created_at <= ${before}
    order by created_at limit ${BATCH} for update skip locked`;
  for (let forgotten = 0; ; ) {
    const count = await database
      .transaction()
      .execute((db) => forgetEvents(db, batch, { state: 'dead', failure }));
    forgotten += count;
    if (count < BATCH) return forgotten;
  }
}
