import { type Selectable, sql } from 'kysely';
import type { DeliveryPauseTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import type { SendFailure, SendResult } from '../extole/send-event.js';
import { effectiveSettings } from '../settings/settings.js';
import { withJitter } from './jitter.js';

/** A pause of a token. */
export type Pause = Pick<Selectable<DeliveryPauseTable>, 'reason' | 'since' | 'until'>;

/**
 * How long a token rests after Extole took no more events with it. Where Extole does not say for how long, pauses that follow each other double,
 * up to the length of the one of a refused token.
 *
 * @param ending - The pause that this one follows, if any.
 */
export function pauseAfter(
  result: Extract<SendResult, { readonly kind: 'rate-limited' | 'token-refused' }>,
  ending: Pause | undefined,
  { now, random, timing }: Pick<AppDeps, 'now' | 'random' | 'timing'>,
): Pick<Pause, 'reason' | 'until'> {
  const reason = result.kind;
  const later = (ms: number): Date => new Date(now().getTime() + ms);
  if (reason === 'token-refused') return { reason, until: later(timing.tokenPauseMs) };
  const pausedMs = ending?.reason === reason ? now().getTime() - ending.since.getTime() : 0;
  const growing = withJitter(timing.rateLimitPauseMs + pausedMs, random());
  return { reason, until: later(result.retryAfterMs ?? Math.min(growing, timing.tokenPauseMs)) };
}

/** Whose token it is, and which. */
export interface TokenOwner {
  readonly storeHash: string;
  /** The storefront whose settings have it. */
  readonly channelId: number;
  /** As it is in the settings; `null`: there is none. */
  readonly sealedToken: Buffer | null;
}

/**
 * Pauses a token, or goes on with its pause. Nothing happens when the settings have another token by now, which the failure says nothing
 * of: whoever saves one at this moment waits for us, or we for them.
 */
export async function pauseToken(
  { db, log, now }: Pick<AppDeps, 'db' | 'log' | 'now'>,
  { storeHash, channelId, sealedToken }: TokenOwner,
  { reason, until }: Pick<Pause, 'reason' | 'until'>,
  failure: SendFailure,
): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into delivery_pause (store_hash, channel_id, reason, since, until, failure_code, failure_message)
    select ${storeHash}, ${channelId}, ${reason}, ${now()}, ${until}, ${failure.code}, ${failure.message}
    from (
      select access_token from channel_settings
      where store_hash = ${storeHash} and channel_id = ${channelId}
      for share
    ) as saved
    where access_token is not distinct from ${sealedToken}
    on conflict (store_hash, channel_id) do update set
      reason = excluded.reason, until = excluded.until,
      since = case delivery_pause.reason when excluded.reason then delivery_pause.since else excluded.since end,
      failure_code = excluded.failure_code, failure_message = excluded.failure_message`.execute(db);
  if (numAffectedRows) {
    log.warn(
      { storeHash, channelId, reason, until, code: failure.code },
      'deliveries with a token are paused',
    );
  }
}

/**
 * Takes the right to try one event after a pause.
 *
 * @param until - Until when nobody else has it, should nothing come of the try.
 * @returns Whether it is ours; otherwise somebody else has it.
 */
export async function takeProbe(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  { storeHash, channelId }: TokenOwner,
  until: Date,
): Promise<boolean> {
  const taken = await db
    .updateTable('delivery_pause')
    .set({ until })
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .where('until', '<=', now())
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

/**
 * Has the one event after a pause tried again soon: it failed, which says nothing of the pause.
 *
 * @param since - When the pause began: one that began later is another one.
 */
export async function probeAgain(
  db: Database,
  { storeHash, channelId }: TokenOwner,
  since: Date,
  until: Date,
): Promise<void> {
  await db
    .updateTable('delivery_pause')
    .set({ until })
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .where('since', '=', since)
    .execute();
}

/**
 * Ends a pause.
 *
 * @param since - When it began: one that began later is another one.
 */
export async function endPause(
  db: Database,
  { storeHash, channelId }: TokenOwner,
  since: Date,
): Promise<void> {
  await db
    .deleteFrom('delivery_pause')
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .where('since', '=', since)
    .execute();
}

/**
 * Has what waits for a storefront delivered at once: ends the pause of its token, which may be another storefront's. For whoever saved a new
 * token, has a storefront follow another one, or switched one on.
 *
 * @param db - The transaction that did so, after it did.
 */
export async function resumeDeliveries(
  { queue }: Pick<AppDeps, 'queue'>,
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<void> {
  const { channelId: owner } = await effectiveSettings(db, storeHash, channelId);
  await db
    .deleteFrom('delivery_pause')
    .where('store_hash', '=', storeHash)
    // Its own as well: where it follows another one now, that is over.
    .where('channel_id', 'in', [owner, channelId])
    .execute();
  await queue.wake('deliver', storeHash, { db });
}
