import type { Failure } from '../../catalog/admin-api.js';
import { failureIn } from '../provision/failure.js';
import { type CodeProblem, promotionSentence } from './promotion-sentence.js';

/** Why a reward waits, failed or was ignored, for the merchant: a stable code, and what to do. */
export type RewardFailure = Pick<Failure, 'code' | 'message'>;

/** What a reward was found to fail by, which Extole does not say; `undefined`: nothing that we know. */
export function unusableIn(reward: Parameters<typeof failureIn>[0]): RewardFailure | undefined {
  const known = failureIn(reward);
  return known?.code === 'PROMOTION_UNUSABLE' ? known : undefined;
}

export const promotionUnusable = (promotionId: number, problem: CodeProblem): RewardFailure => ({
  code: 'PROMOTION_UNUSABLE',
  message: `${promotionSentence(promotionId, problem)}, so that no code of it is of use. ${
    problem === 'disabled'
      ? 'Switch it on in BigCommerce: rewards go on then by themselves.'
      : 'Mend it in BigCommerce or have the supplier lead to another one, and replay the reward.'
  }`,
});

/** The same, for whoever looks at the reward in Extole. */
export const unusableInExtole = (promotionId: number, problem: CodeProblem): string =>
  `No coupon code could be made in BigCommerce: ${promotionSentence(promotionId, problem)}.`;

export const supplierUnknown = (supplierId: string): RewardFailure => ({
  code: 'REWARD_SUPPLIER_UNKNOWN',
  message: `the reward supplier ${supplierId} leads to no promotion. Enter one for it on the Rewards page, or its ID in the supplier in Extole and replay the reward.`,
});

export const notCustom = (supplierId: string): RewardFailure => ({
  code: 'REWARD_NOT_CUSTOM',
  message: `the reward supplier ${supplierId} is no custom reward in Extole, which takes no code of it from anybody else. Have it lead to no promotion; where it should, make it a custom reward in Extole.`,
});

export const rewardUnknown = (rewardId: string): RewardFailure => ({
  code: 'REWARD_UNKNOWN',
  message: `Extole knows no reward ${rewardId} in the account of the access token. Check that the token is of the account that the reward was earned in.`,
});

export const STOREFRONT_OFF: RewardFailure = {
  code: 'STOREFRONT_OFF',
  message:
    'the storefront is switched off, or was never saved. Switch it on, and save: its rewards go on then.',
};

export const FULFILLED_ELSEWHERE: RewardFailure = {
  code: 'REWARD_FULFILLED_ELSEWHERE',
  message: 'somebody else has fulfilled this reward in Extole. Nothing is to be done.',
};

export const FAILED_IN_EXTOLE: RewardFailure = {
  code: 'REWARD_FAILED_IN_EXTOLE',
  message: 'Extole says that this reward failed. Replay it to have it tried again.',
};
