import type { Failure } from '../../catalog/admin-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Promotion } from '../../store/promotion-types.js';
import { settleAll } from '../deliveries/settle-all.js';
import type { AppDeps } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { type ClaimedReward, claimReward, nextRewardAt, TakenOverError } from './claim-reward.js';
import { ExtoleTroubleError } from './extole-trouble.js';
import { fulfillReward } from './fulfill-reward.js';
import { putOffLane, putOffStore } from './put-off.js';
import type { RewardLane } from './reward-lanes.js';
import { type Trouble, troubleOf } from './reward-trouble.js';
import { writeOutcome } from './write-outcome.js';

/** What rewards are worked at with. */
export type RewardDeps = Omit<AppDeps, 'release'>;

/** How many rewards a turn works at, for how long it begins with further ones, and how many it works at at the same time. */
const TURN_SIZE = 50;
const TURN_MS = 20_000;
const AT_ONCE = 4;

/**
 * Works at due rewards of one lane: as many as a turn has time for. The rest is left when Extole or BigCommerce take no more, or when as many rewards in
 * a row failed as are worked at at the same time (somebody is away, and nothing is gained by having all of them fail).
 *
 * @returns When to go on; `undefined`: nothing waits.
 */
export async function workAtRewards(
  deps: RewardDeps,
  client: BigCommerceClient,
  lane: RewardLane,
): Promise<Date | undefined> {
  const { db, log, now, timing } = deps;
  const { storeHash } = lane;
  const endsAt = now().getTime() + TURN_MS;
  const work = { deps, client, lane, promotionOf: promotionsOf(client) };
  const worksAt = new Set<string>();
  let left = TURN_SIZE;
  let failedInARow = 0;
  let goesOnAt: Date | undefined;

  const heed = async ({ kind, until }: Trouble, failure: Failure): Promise<void> => {
    if (kind === 'away') failedInARow += 1;
    const isAway = failedInARow >= AT_ONCE;
    // So may those that were worked at at the same time be told.
    if (goesOnAt || (!until && !isAway)) return;
    goesOnAt = until ?? new Date(now().getTime() + timing.retryBaseMs);
    if (kind === 'lane') await putOffLane(deps, lane, lane.owner, failure, goesOnAt);
    if (kind === 'store') await putOffStore(deps, storeHash, failure, goesOnAt);
  };
  const workAt = async (reward: ClaimedReward): Promise<void> => {
    try {
      const outcome = await fulfillReward(work, reward);
      failedInARow = 0;
      await writeOutcome(deps, reward, outcome);
    } catch (error) {
      if (error instanceof TakenOverError) return;
      const failure = failureOf(error);
      const trouble = troubleOf(error, deps);
      if (failure.code === 'INTERNAL') {
        log.error({ storeHash, rewardId: reward.reward_id, err: error }, 'a reward could not be worked at');
      }
      await writeOutcome(deps, reward, {
        state: 'waiting',
        failure: (error instanceof ExtoleTroubleError && error.reason) || failure,
        ...(trouble.until && { dueAt: trouble.until }),
      });
      await heed(trouble, failure);
    }
  };
  const workOn = async (): Promise<void> => {
    while (left > 0 && !goesOnAt && now().getTime() < endsAt) {
      left -= 1;
      const reward = await claimReward(deps, lane, worksAt);
      if (!reward) return;
      worksAt.add(reward.reward_id);
      await workAt(reward);
      worksAt.delete(reward.reward_id);
    }
  };
  await settleAll(Array.from({ length: AT_ONCE }, workOn));
  return goesOnAt ?? nextRewardAt(db, lane);
}

/** Asks for each promotion once in a turn, unless that fails. */
function promotionsOf(client: BigCommerceClient): (promotionId: number) => Promise<Promotion | undefined> {
  const asked = new Map<number, Promise<Promotion | undefined>>();
  return (promotionId) => {
    const before = asked.get(promotionId);
    if (before) return before;
    const promotion = client.promotion(promotionId);
    asked.set(promotionId, promotion);
    promotion.catch(() => asked.delete(promotionId));
    return promotion;
  };
}
