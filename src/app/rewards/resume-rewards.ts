import type { AppDeps, Database } from '../deps.js';
import { effectiveSettings } from '../settings/settings.js';

/** What settings can mend of a reward that nothing was done about. */
const MENDED = ['REWARD_SUPPLIER_UNKNOWN', 'REWARD_UNKNOWN'];

/**
 * Has rewards of a storefront worked at now that could not be before, and those that nothing was to be done about with the settings that were: there
 * may be a token that Extole takes, or a promotion for their supplier. For whoever saved a token or the settings of rewards, had a storefront follow
 * another one, or switched one on.
 *
 * @param db - The transaction that did so, after it did.
 */
export async function resumeRewards(
  deps: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
  channelId: number,
): Promise<void> {
  const { channelId: owner } = await effectiveSettings(db, storeHash, channelId);
  await resume(deps, db, storeHash, [owner, channelId]);
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
  return resume(deps, db, storeHash, undefined);
}

async function resume(
  { now, queue }: Pick<AppDeps, 'now' | 'queue'>,
  db: Database,
  storeHash: string,
  channelIds: readonly number[] | undefined,
): Promise<void> {
  await db
    .updateTable('reward')
    .set(({ eb }) => ({
      state: 'waiting',
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
            and([eb('state', '=', 'ignored'), eb('failure_code', 'in', MENDED)]),
          ]),
        );
      const ours = channelIds ? waiting.where('channel_id', 'in', channelIds) : waiting;
      // Whoever locks several does so in the order of their ids.
      return ours.orderBy('reward_id').forUpdate();
    })
    .execute();
  await queue.wake('fulfill-rewards', storeHash, { db });
}
