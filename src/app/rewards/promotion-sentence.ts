import type { PromotionProblem } from '../../catalog/rewards.js';

/** What keeps a promotion's codes from being of use. `refused`: it looks well, and BigCommerce makes no code of it. */
export type CodeProblem = PromotionProblem | 'refused';

const PROBLEMS: Readonly<Record<CodeProblem, string>> = {
  gone: 'is not there any more',
  'not-coupon': 'is no coupon promotion, and has no codes',
  invalid: 'is not valid, as BigCommerce says',
  ended: 'has ended',
  'used-up': 'has been used as often as it may be',
  disabled: 'is switched off',
  refused: 'has no codes made of it with these settings, as BigCommerce says',
};

/** Says why no code of a promotion is of use: `promotion 12 has ended`. */
export const promotionSentence = (promotionId: number, problem: CodeProblem): string =>
  `promotion ${promotionId} ${PROBLEMS[problem]}`;
