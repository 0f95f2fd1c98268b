import { type Selectable, sql, type Updateable } from 'kysely';
import type { RewardTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';

/**
 * A reward that belongs to this process until its lease ends, and for as long after that as nobody else claims it. Its `attempt_count` is that of
 * this claim: whoever claims it later has a higher one.
 */
export type ClaimedReward = Selectable<RewardTable>;

/** Which rewards are claimed together: those of one storefront's Extole account. */
export interface RewardQueue {
  readonly storeHash: string;
  readonly channelId: number;
}

/**
 * Claims the reward that is due for longest, whatever its state: a fulfilled one too that something new was heard of.
 *
 * @param except - Rewards that are worked at here. When something is heard of one, it is due again, and is to be looked at after that.
 * @returns `undefined`: none is due.
 */
export async function claimReward(
  { db, now, timing }: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  { storeHash, channelId }: RewardQueue,
  except: ReadonlySet<string>,
): Promise<ClaimedReward | undefined> {
  const claimedAt = now();
  return db
    .updateTable('reward')
    .set(({ eb }) => ({
      due_at: new Date(claimedAt.getTime() + timing.leaseMs),
      attempt_count: eb('attempt_count', '+', 1),
      // While it was due and not tried, it did not fail.
      failing_since: sql`failing_since + greatest(${claimedAt}::timestamptz - due_at, interval '0')`,
    }))
    .where('store_hash', '=', storeHash)
    .where('reward_id', '=', ({ selectFrom }) =>
      selectFrom('reward')
        .select('reward_id')
        .where('store_hash', '=', storeHash)
        .where('channel_id', '=', channelId)
        .where('due_at', '<=', claimedAt)
        .where('reward_id', '<>', sql<string>`all(${[...except]}::text[])`)
        .orderBy('due_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** When the next reward can be claimed, which may be long since; `undefined` when none waits. */
export async function nextRewardAt(
  db: Database,
  { storeHash, channelId }: RewardQueue,
): Promise<Date | undefined> {
  const next = await db
    .selectFrom('reward')
    .select('due_at')
    .where('store_hash', '=', storeHash)
    .where('channel_id', '=', channelId)
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return next?.due_at ?? undefined;
}

/** Says that a reward is somebody else's by now: whatever they do with it counts, and nothing more is to be done about it here. */
export class TakenOverError extends Error {
  constructor(rewardId: string) {
    super(`the reward ${rewardId} is worked at by another process`);
  }
}

/**
 * Changes something about a claimed reward, in one transaction in which nobody else claims it.
 *
 * @throws {TakenOverError} Somebody else claimed it since; nothing was changed.
 */
export function whileOurs<T>(
  db: AppDeps['db'],
  { store_hash: storeHash, reward_id: rewardId, attempt_count: attemptCount }: ClaimedReward,
  change: (db: Database) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    const ours = await transaction
      .selectFrom('reward')
      .select('reward_id')
      .where('store_hash', '=', storeHash)
      .where('reward_id', '=', rewardId)
      .where('attempt_count', '=', attemptCount)
      .forUpdate()
      .executeTakeFirst();
    if (!ours) throw new TakenOverError(rewardId);
    return change(transaction);
  });
}

/**
 * Notes something about a claimed reward that has to be on the disk before anything else is done.
 *
 * @throws {TakenOverError} As {@link whileOurs}.
 */
export async function noteReward(
  db: AppDeps['db'],
  reward: ClaimedReward,
  fields: Updateable<RewardTable>,
): Promise<void> {
  await whileOurs(db, reward, (transaction) =>
    transaction
      .updateTable('reward')
      .set(fields)
      .where('store_hash', '=', reward.store_hash)
      .where('reward_id', '=', reward.reward_id)
      .execute(),
  );
}
