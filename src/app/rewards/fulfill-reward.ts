import { type PromotionProblem, promotionProblem } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Promotion } from '../../store/promotion-types.js';
import type { AppDeps } from '../deps.js';
import {
  type ExtoleReward,
  type ExtoleRewardState,
  getReward,
  type RewardResult,
  retryReward,
  tellFailed,
} from '../extole/rewards.js';
import { failureIn } from '../provision/failure.js';
import { choosePromotion } from './choose-promotion.js';
import type { ClaimedReward } from './claim-reward.js';
import { accepted, isRefused } from './extole-trouble.js';
import { makeCode } from './make-code.js';
import { promotionFacts } from './promotion-facts.js';
import { codeOf, takeCode } from './reward-code.js';
import {
  FAILED_IN_EXTOLE,
  FULFILLED_ELSEWHERE,
  promotionUnusable,
  rewardUnknown,
  supplierUnknown,
  unusableInExtole,
} from './reward-failures.js';
import type { RewardLane } from './reward-lanes.js';
import { takeBack } from './take-back.js';
import { tellCode } from './tell-code.js';
import type { RewardOutcome } from './write-outcome.js';

/** What a reward is worked at with. */
export interface RewardWork {
  readonly deps: Pick<AppDeps, 'config' | 'db' | 'metrics' | 'now' | 'queue' | 'timing'>;
  readonly client: BigCommerceClient;
  readonly lane: RewardLane;
  /** A promotion of the store, as it was not long ago; `undefined`: there is none. */
  readonly promotionOf: (promotionId: number) => Promise<Promotion | undefined>;
}

/** What Extole does not know yet when its webhook comes, it knows soon after. */
const UNKNOWN_MS = 10 * 60_000;

/**
 * Brings a reward to where it belongs, by what Extole says of it now: an earned one gets a code, which Extole is told; one that was taken back loses
 * it. Wherever an earlier try stopped, this one goes on: the same reward ends with the same code.
 *
 * @throws {TakenOverError} Somebody else works at it.
 * @throws {ExtoleTroubleError} Extole does not answer, or takes nothing for now.
 * @throws {BigCommerceError} Any of its codes.
 * @throws {AppError} `COUPON_CODES_TAKEN`, `COUPON_CODE_MISSING`
 */
export async function fulfillReward(work: RewardWork, reward: ClaimedReward): Promise<RewardOutcome> {
  const { deps, lane } = work;
  const answer = await getReward(deps, lane.token, reward.reward_id);
  const isNew = deps.now().getTime() - reward.heard_at.getTime() < UNKNOWN_MS;
  if (isRefused(answer, 'reward_not_found') && !isNew) {
    return { state: 'ignored', failure: rewardUnknown(reward.reward_id) };
  }
  const told = accepted(answer);
  return { supplierId: told.supplierId, ...(await outcomeOf(work, reward, told)) };
}

async function outcomeOf(
  work: RewardWork,
  reward: ClaimedReward,
  told: ExtoleReward,
): Promise<RewardOutcome> {
  if (told.state === 'EARNED') return give(work, reward, told);
  if (told.state !== 'FAILED' || !reward.is_replay) return settled(work, reward, told.state, told);
  const answer = await retryReward(work.deps, work.lane.token, reward.reward_id);
  // Where Extole does not take it for earned again, a code may be welcome nevertheless.
  if (answer.kind !== 'refused') accepted(answer);
  return give(work, reward, told);
}

/** Gives a reward its code, and tells Extole. */
async function give(work: RewardWork, reward: ClaimedReward, told: ExtoleReward): Promise<RewardOutcome> {
  const { deps, client, lane, promotionOf } = work;
  const { settings } = lane;
  const own = await codeOf(deps.db, reward);
  // A code is of the promotion that it was asked for, whatever is set since.
  const promotionId = own?.promotion_id ?? choosePromotion(settings, told);
  if (promotionId === undefined) return { state: 'ignored', failure: supplierUnknown(told.supplierId) };

  const promotion = await promotionOf(promotionId);
  const facts = promotion && promotionFacts(promotion);
  const couponType = facts?.couponType;
  const problem = promotionProblem(facts, deps.now());
  if (problem !== null || !couponType) return failFor(work, reward, promotionId, problem ?? 'not-coupon');

  const source = { promotionId, couponType };
  const drawn = own ?? (await takeCode(deps, reward, source, settings));
  const code = await makeCode(deps, client, reward, drawn, source, settings);
  const answer = await tellCode(deps, lane, told, promotionId, code);
  const changed = await changedSince(work, reward, answer);
  if (changed) return settled(work, reward, changed.state, changed);
  return { state: 'fulfilled', failure: null, promotionId };
}

/** Fails a reward for its promotion's sake, unless the merchant may mend that without anybody's losing anything. */
async function failFor(
  work: RewardWork,
  reward: ClaimedReward,
  promotionId: number,
  problem: PromotionProblem,
): Promise<RewardOutcome> {
  const { deps, client, lane } = work;
  const failure = promotionUnusable(promotionId, problem);
  if (problem === 'disabled') return { state: 'waiting', failure, promotionId };
  // Should it be replayed, it may lead to another promotion.
  await takeBack(deps, client, reward);
  const message = unusableInExtole(promotionId, problem);
  const answer = await tellFailed(deps, lane.token, reward.reward_id, { message });
  const changed = await changedSince(work, reward, answer);
  if (changed && changed.state !== 'FAILED') return settled(work, reward, changed.state, changed);
  return { state: 'failed', failure, promotionId };
}

/** A reward that Extole does not let become what we said, since it is not earned any more; `undefined`: it has become that. */
async function changedSince(
  { deps, lane }: RewardWork,
  { reward_id: rewardId }: ClaimedReward,
  answer: RewardResult,
) {
  if (isRefused(answer, 'reward_illegal_state_transition')) {
    const { state, ...told } = accepted(await getReward(deps, lane.token, rewardId));
    if (state !== 'EARNED') return { ...told, state };
  }
  accepted(answer);
  return undefined;
}

/** What has come of a reward that is not earned any more. */
async function settled(
  { deps, client }: RewardWork,
  reward: ClaimedReward,
  state: Exclude<ExtoleRewardState, 'EARNED'>,
  { partnerRewardId }: Pick<ExtoleReward, 'partnerRewardId'>,
): Promise<RewardOutcome> {
  switch (state) {
    case 'FAILED': {
      // A code that it has waits for a replay.
      const known = reward.state === 'failed' ? failureIn(reward) : null;
      return { state: 'failed', failure: known ?? FAILED_IN_EXTOLE };
    }
    case 'CANCELED':
    case 'REVOKED':
      await takeBack(deps, client, reward);
      return { state: 'canceled', failure: null };
    default: {
      const own = await codeOf(deps.db, reward);
      if (own?.code && own.code === partnerRewardId) return { state: 'fulfilled', failure: null };
      await takeBack(deps, client, reward);
      return { state: 'ignored', failure: FULFILLED_ELSEWHERE };
    }
  }
}
