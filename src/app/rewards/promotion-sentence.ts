import type { PromotionProblem } from '../../catalog/rewards.js';

const PROBLEMS: Readonly<Record<PromotionProblem, string>> = {
  gone: 'is not there any more',
  'not-coupon': 'is no coupon promotion, and has no codes',
  invalid: 'is not valid, as BigCommerce says',
  ended: 'has ended',
  'used-up': 'has been used as often as it may be',
  disabled: 'is switched off',
};

/** Says why no code of a promotion is of use: `promotion 12 has ended`. */
export const promotionSentence = (promotionId: number, problem: PromotionProblem): string =>
  `promotion ${promotionId} ${PROBLEMS[problem]}`;
