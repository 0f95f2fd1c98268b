import { sql } from 'kysely';
import type { AppDeps, Database } from '../deps.js';
import { effectiveSettings } from '../settings/settings.js';

/** What a token or the settings of rewards can mend of a reward that nothing was done about, and how long ago it was heard of at most. */
const MENDED = ['REWARD_SUPPLIER_UNKNOWN', 'REWARD_UNKNOWN'];
const MENDED_MS = 30 * 86_400_000;

/**
 * Has rewards of a storefront worked at now that could not be before: there may be a token that Extole takes. For whoever saved a token or the
 * settings of rewards, had a storefront follow another one, or switched one on.
 *
 * @param db - The transaction that did so, after it did.
 * @param mayMend - Whether it changed what a promotion or an account is found by. Then those of the last 30 days that nothing was done about with
 *   what was set are worked at as well.
 */
export async function resumeRewards(
  deps: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
  channelId: number,
  mayMend = true,
): Promise<void> {
  const { channelId: owner } = await effectiveSettings(db, storeHash, channelId);
  await resume(deps, db, storeHash, [owner, channelId], mayMend);
}

/**
 * Has all rewards of a store worked at now that could not be before: there may be a token that BigCommerce takes.
 *
 * @param db - A transaction that what has changed is part of.
 */
export function resumeStoreRewards(
  deps: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
): Promise<void> {
  return resume(deps, db, storeHash, undefined, false);
}

async function resume(
  { now, queue }: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
  channelIds: readonly number[] | undefined,
  mayMend: boolean,
): Promise<void> {
  const heardAfter = new Date(now().getTime() - MENDED_MS);
  await db
    .updateTable('reward')
    .set(({ eb }) => ({
      // One that is through is looked at once more.
      state: sql`case state when 'ignored' then 'waiting' else state end`,
      due_at: now(),
      // One that is worked at with what was there before is worked at again.
      heard_count: eb('heard_count', '+', 1),
      failing_since: null,
    }))
    .where('store_hash', '=', storeHash)
    .where('reward_id', 'in', ({ selectFrom }) => {
      const waiting = selectFrom('reward')
        .select('reward_id')
        .where('store_hash', '=', storeHash)
        .where(({ and, eb, or }) =>
          or([
            eb('due_at', 'is not', null),
            ...(mayMend ? [and([eb('failure_code', 'in', MENDED), eb('heard_at', '>', heardAfter)])] : []),
          ]),
        );
      const ours = channelIds ? waiting.where('channel_id', 'in', channelIds) : waiting;
      // Whoever locks several does so in the order of their ids.
      return ours.orderBy('reward_id').forUpdate();
    })
    .execute();
  await queue.wake('fulfill-rewards', storeHash, { db });
}
