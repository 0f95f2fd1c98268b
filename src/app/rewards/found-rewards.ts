import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import { writeAgain } from '../write-again.js';

/** Whose rewards a list of Extole's holds. */
export interface RewardsOwner {
  readonly storeHash: string;
  /** The storefront whose Extole account it is. */
  readonly channelId: number;
}

/** How long Extole may say something else of a reward than we do before it is asked again: a list may be older than what we just told. */
const LOOK_AGAIN_MS = 3_600_000;

type Deps = Pick<AppDeps, 'db' | 'queue' | 'now' | 'random'>;

/**
 * Has those of the earned rewards worked at that are new to us, and those that we were through with an hour ago or longer: whoever has Extole retry
 * one makes it an earned one again. What waits goes on waiting for its time, and what leads to no promotion of the store is left alone.
 *
 * @returns How many there were.
 */
export function markEarned(
  deps: Deps,
  { storeHash, channelId }: RewardsOwner,
  rewardIds: readonly string[],
): Promise<number> {
  const heardAt = deps.now();
  const settledBefore = new Date(heardAt.getTime() - LOOK_AGAIN_MS);
  return mark(
    deps,
    storeHash,
    sql`
      insert into reward (store_hash, reward_id, channel_id, heard_at, created_at, found_by, state, due_at)
      select ${storeHash}, reward_id, ${channelId}, ${heardAt}, ${heardAt}, 'poll', 'waiting', ${heardAt}
      from unnest(${rewardIds}::text[]) as earned (reward_id)
      order by reward_id
      on conflict (store_hash, reward_id) do update set
        heard_count = reward.heard_count + 1, heard_at = excluded.heard_at, due_at = excluded.due_at
      where reward.due_at is null and reward.heard_at <= ${settledBefore} and reward.state <> 'ignored'`,
  );
}

/**
 * Has those of the rewards that Extole took back worked at of which we are through and think otherwise: those too that nothing was done about in the
 * end and that have a code.
 *
 * @returns How many there were.
 */
export function markTakenBack(
  deps: Deps,
  { storeHash }: Pick<RewardsOwner, 'storeHash'>,
  rewardIds: readonly string[],
): Promise<number> {
  const heardAt = deps.now();
  return mark(
    deps,
    storeHash,
    sql`
      update reward set heard_count = heard_count + 1, heard_at = ${heardAt}, due_at = ${heardAt}
      where store_hash = ${storeHash} and reward_id in (
        select reward_id from reward
        where store_hash = ${storeHash} and reward_id = any(${rewardIds}) and due_at is null
          and (state in ('fulfilled', 'failed') or (state = 'ignored' and exists (
            select from coupon_code
            where coupon_code.store_hash = reward.store_hash and coupon_code.reward_id = reward.reward_id
              and coupon_code.state <> 'deleted'
          )))
        order by reward_id
        for update
      )`,
  );
}

/** Writes, and wakes the store if there was anything to write, in one transaction. */
function mark(deps: Deps, storeHash: string, statement: ReturnType<typeof sql<unknown>>): Promise<number> {
  return writeAgain(deps, () =>
    deps.db.transaction().execute(async (db) => {
      const { numAffectedRows } = await statement.execute(db);
      if (numAffectedRows) await deps.queue.wake('fulfill-rewards', storeHash, { db });
      return Number(numAffectedRows ?? 0);
    }),
  );
}
