import { sql } from 'kysely';
import type { Failure } from '../../catalog/admin-api.js';
import type { RewardState } from '../../catalog/rewards-api.js';
import { retryAt } from '../deliveries/retry-at.js';
import type { AppDeps } from '../deps.js';
import { failureColumns } from '../provision/failure.js';
import type { ClaimedReward } from './claim-reward.js';

/** What has come of a reward. */
export interface RewardOutcome {
  readonly state: RewardState;
  /** Why it waits, failed or was ignored. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
  /** Where Extole said it. */
  readonly supplierId?: string;
  /** Where one was found. */
  readonly promotionId?: number;
  /** When one that waits is tried again; soon, and later each time, unless said otherwise. */
  readonly dueAt?: Date;
}

type Deps = Pick<AppDeps, 'db' | 'log' | 'metrics' | 'now' | 'random' | 'timing'>;

/**
 * Writes what has come of a claimed reward. Of one that somebody else has claimed since nothing is written: what they find out counts. One that was
 * heard of since it was claimed stays due.
 */
export async function writeOutcome(
  deps: Deps,
  reward: ClaimedReward,
  { state, failure, supplierId, promotionId, dueAt }: RewardOutcome,
): Promise<void> {
  const { db, log, metrics, now } = deps;
  const endedAt = now();
  const isWaiting = state === 'waiting';
  const isPutOff = isWaiting && dueAt !== undefined;
  const failingSince = isWaiting && !isPutOff ? (reward.failing_since ?? endedAt) : null;
  const nextAt = isWaiting ? (dueAt ?? retryAt(deps, failingSince ?? endedAt)) : null;
  const { heard_count: heardCount } = reward;
  const written = await db
    .updateTable('reward')
    .set({
      state,
      failing_since: failingSince,
      ...failureColumns(failure),
      ...(supplierId !== undefined && { supplier_id: supplierId }),
      ...(promotionId !== undefined && { promotion_id: promotionId }),
      ...(state === 'fulfilled' && { fulfilled_at: sql`coalesce(fulfilled_at, ${endedAt})` }),
      due_at: sql`case heard_count when ${heardCount} then ${nextAt} else due_at end`,
      // One that came meanwhile is still to be done.
      is_replay: sql`is_replay and (${isWaiting} or heard_count <> ${heardCount})`,
    })
    .where('store_hash', '=', reward.store_hash)
    .where('reward_id', '=', reward.reward_id)
    .where('attempt_count', '=', reward.attempt_count)
    .executeTakeFirst();
  if (written.numUpdatedRows === 0n) return;
  metrics.rewards.inc({ outcome: isWaiting ? (isPutOff ? 'paused' : 'retry') : state });
  if (state === 'fulfilled' && !reward.fulfilled_at) {
    metrics.rewardDelay.observe((endedAt.getTime() - reward.created_at.getTime()) / 1_000);
  }
  const { store_hash: storeHash, reward_id: rewardId } = reward;
  if (failure) log.info({ storeHash, rewardId, state, code: failure.code }, 'a reward is not fulfilled');
}
