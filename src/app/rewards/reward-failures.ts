import type { Failure } from '../../catalog/admin-api.js';
import type { PromotionProblem } from '../../catalog/rewards.js';
import { promotionSentence } from './promotion-sentence.js';

/** Why a reward waits, failed or was ignored, for the merchant: a stable code, and what to do. */
type RewardFailure = Pick<Failure, 'code' | 'message'>;

export const promotionUnusable = (promotionId: number, problem: PromotionProblem): RewardFailure => ({
  code: 'PROMOTION_UNUSABLE',
  message: `${promotionSentence(promotionId, problem)}, so that no code of it is of use. ${
    problem === 'disabled'
      ? 'Switch it on in BigCommerce: rewards go on then by themselves.'
      : 'Mend it in BigCommerce or have the supplier lead to another one, and replay the reward.'
  }`,
});

/** The same, for whoever looks at the reward in Extole. */
export const unusableInExtole = (promotionId: number, problem: PromotionProblem): string =>
  `No coupon code could be made in BigCommerce: ${promotionSentence(promotionId, problem)}.`;

export const supplierUnknown = (supplierId: string): RewardFailure => ({
  code: 'REWARD_SUPPLIER_UNKNOWN',
  message: `the reward supplier ${supplierId} leads to no promotion. Enter one for it on the Rewards page, or its ID in the supplier in Extole and replay the reward.`,
});

export const rewardUnknown = (rewardId: string): RewardFailure => ({
  code: 'REWARD_UNKNOWN',
  message: `Extole knows no reward ${rewardId} in the account of the access token. Check that the token is of the account that the reward was earned in.`,
});

export const FULFILLED_ELSEWHERE: RewardFailure = {
  code: 'REWARD_FULFILLED_ELSEWHERE',
  message: 'somebody else has fulfilled this reward in Extole. Nothing is to be done.',
};

export const FAILED_IN_EXTOLE: RewardFailure = {
  code: 'REWARD_FAILED_IN_EXTOLE',
  message: 'Extole says that this reward failed. Replay it to have it tried again.',
};
