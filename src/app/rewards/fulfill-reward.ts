import { promotionProblem } from '../../catalog/rewards.js';
import type { RewardState } from '../../catalog/rewards-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { Promotion } from '../../store/promotion-types.js';
import type { AppDeps } from '../deps.js';
import {
  type ExtoleReward,
  getReward,
  type RewardResult,
  retryReward,
  tellFailed,
} from '../extole/rewards.js';
import { failureColumns } from '../provision/failure.js';
import { choosePromotion } from './choose-promotion.js';
import { type ClaimedReward, noteReward } from './claim-reward.js';
import { accepted, isNotCustom, isRefused } from './extole-trouble.js';
import { makeCode } from './make-code.js';
import { promotionFacts } from './promotion-facts.js';
import type { CodeProblem } from './promotion-sentence.js';
import { codeOf, type RewardCode, takeCode } from './reward-code.js';
import {
  notCustom,
  promotionUnusable,
  type RewardFailure,
  rewardUnknown,
  supplierUnknown,
  unusableIn,
  unusableInExtole,
} from './reward-failures.js';
import type { RewardLane } from './reward-lanes.js';
import { settled } from './settled.js';
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
  const { client, deps, lane } = work;
  const answer = await getReward(deps, lane.token, reward.reward_id);
  const isNew = deps.now().getTime() - reward.heard_at.getTime() < UNKNOWN_MS;
  if (isRefused(answer, 'reward_not_found') && !isNew) {
    return { state: stateOfUnknown(reward), failure: rewardUnknown(reward.reward_id) };
  }
  const told = accepted(answer, unusableIn(reward));
  const { supplierId } = told;
  try {
    return { supplierId, ...(await outcomeOf(work, reward, told)) };
  } catch (error) {
    if (!isNotCustom(error)) throw error;
    await takeBack(deps, client, reward);
    return { supplierId, state: 'ignored', failure: notCustom(supplierId) };
  }
}

/** Where the token is of another account than the reward, its code is out all the same. */
function stateOfUnknown({ fulfilled_at: fulfilledAt, state }: ClaimedReward): RewardState {
  if (!fulfilledAt) return 'ignored';
  return state === 'waiting' ? 'fulfilled' : state;
}

async function outcomeOf(
  work: RewardWork,
  reward: ClaimedReward,
  told: ExtoleReward,
): Promise<RewardOutcome> {
  const { reward_id: rewardId, is_replay: isReplay } = reward;
  if (told.state !== 'EARNED' && !(told.state === 'FAILED' && isReplay)) {
    return settled(work, reward, told.state, told);
  }
  const isEarned = told.state === 'EARNED' || (await retried(work, rewardId));
  // Should it fail once more, it is not retried by itself.
  if (isEarned && isReplay) await noteReward(work.deps.db, reward, { is_replay: false });
  return give(work, reward, told);
}

/** @returns Whether Extole takes it for earned again. Where it does not, a code may be welcome nevertheless. */
async function retried({ deps, lane }: RewardWork, rewardId: string): Promise<boolean> {
  const answer = await retryReward(deps, lane.token, rewardId);
  if (answer.kind === 'refused') return false;
  accepted(answer);
  return true;
}

/** Gives a reward its code, and tells Extole. */
async function give(work: RewardWork, reward: ClaimedReward, told: ExtoleReward): Promise<RewardOutcome> {
  const { deps, client, lane, promotionOf } = work;
  const { settings } = lane;
  const chosen = choosePromotion(settings, told);
  const own = await keptCode(work, reward, chosen);
  const promotionId = own?.promotion_id ?? chosen;
  if (promotionId === undefined) return { state: 'ignored', failure: supplierUnknown(told.supplierId) };

  const promotion = await promotionOf(promotionId);
  const facts = promotion && promotionFacts(promotion);
  const couponType = facts?.couponType;
  const problem = promotionProblem(facts, deps.now());
  if (problem !== null || !couponType) return failFor(work, reward, promotionId, problem ?? 'not-coupon');

  const source = { promotionId, couponType };
  const drawn = await takeCode(deps, client, reward, own, source, settings);
  const code = await makeCode(deps, client, reward, drawn, source, settings);
  if (code === undefined) return failFor(work, reward, promotionId, 'refused');
  const answer = await tellCode(deps, lane, told, promotionId, code);
  const changed = await changedSince(work, reward, answer);
  if (changed) return settled(work, reward, changed.state, changed);
  return { state: 'fulfilled', failure: null, promotionId };
}

/** The code that a reward has. One that was made stays, whatever is set since; one that was not leads to no promotion but the chosen one. */
async function keptCode(
  { deps, client }: RewardWork,
  reward: ClaimedReward,
  chosen: number | undefined,
): Promise<RewardCode | undefined> {
  const own = await codeOf(deps.db, reward);
  if (own?.state !== 'asked' || own.promotion_id === chosen) return own;
  await takeBack(deps, client, reward);
  return codeOf(deps.db, reward);
}

/** Fails a reward for its promotion's sake, unless the merchant may mend that without anybody's losing anything. */
async function failFor(
  work: RewardWork,
  reward: ClaimedReward,
  promotionId: number,
  problem: CodeProblem,
): Promise<RewardOutcome> {
  const { deps, client, lane } = work;
  const failure = promotionUnusable(promotionId, problem);
  if (problem === 'disabled') return { state: 'waiting', failure, promotionId };
  // Should it be replayed, it may lead to another promotion.
  await takeBack(deps, client, reward);
  // Extole does not say why a reward failed. Should its answer be lost, that still stands here.
  await noteReward(deps.db, reward, { promotion_id: promotionId, ...failureColumns(failure) });
  const message = unusableInExtole(promotionId, problem);
  const answer = await tellFailed(deps, lane.token, reward.reward_id, { message });
  const changed = await changedSince(work, reward, answer, failure);
  if (changed && changed.state !== 'FAILED') return settled(work, reward, changed.state, changed);
  return { state: 'failed', failure, promotionId };
}

/**
 * A reward that Extole does not let become what we said, since it is not earned any more; `undefined`: it has become that.
 *
 * @param reason - Why it was to fail.
 */
async function changedSince(
  { deps, lane }: RewardWork,
  { reward_id: rewardId }: ClaimedReward,
  answer: RewardResult,
  reason?: RewardFailure,
) {
  if (isRefused(answer, 'reward_illegal_state_transition')) {
    const { state, ...told } = accepted(await getReward(deps, lane.token, rewardId), reason);
    if (state !== 'EARNED') return { ...told, state };
  }
  accepted(answer, reason);
  return undefined;
}
