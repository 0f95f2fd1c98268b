import type { ExtoleReward, ExtoleRewardState } from '../extole/rewards.js';
import type { ClaimedReward } from './claim-reward.js';
import type { RewardWork } from './fulfill-reward.js';
import { codeOf } from './reward-code.js';
import { FAILED_IN_EXTOLE, FULFILLED_ELSEWHERE, unusableIn } from './reward-failures.js';
import { takeBack } from './take-back.js';
import type { RewardOutcome } from './write-outcome.js';

/**
 * What has come of a reward that is not earned any more. A code of it that nobody is to have is deleted.
 *
 * @throws {TakenOverError}
 * @throws {BigCommerceError} Any of its codes.
 */
export async function settled(
  { deps, client }: Pick<RewardWork, 'deps' | 'client'>,
  reward: ClaimedReward,
  state: Exclude<ExtoleRewardState, 'EARNED'>,
  { partnerRewardId }: Pick<ExtoleReward, 'partnerRewardId'>,
): Promise<RewardOutcome> {
  const own = await codeOf(deps.db, reward);
  const promotion = own && { promotionId: own.promotion_id };
  switch (state) {
    case 'FAILED': {
      // One that is made waits for a replay; one that is not may still come to be, and nobody would look for it.
      if (own?.state === 'asked') await takeBack(deps, client, reward);
      return { ...promotion, state: 'failed', failure: unusableIn(reward) ?? FAILED_IN_EXTOLE };
    }
    case 'CANCELED':
    case 'REVOKED':
      await takeBack(deps, client, reward);
      return { ...promotion, state: 'canceled', failure: null };
    default:
      if (own?.code && own.code === partnerRewardId) {
        return { ...promotion, state: 'fulfilled', failure: null };
      }
      await takeBack(deps, client, reward);
      return { ...promotion, state: 'ignored', failure: FULFILLED_ELSEWHERE };
  }
}
