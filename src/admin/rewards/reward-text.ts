import type { ChannelView, Failure } from '../../catalog/admin-api.js';
import type { PromotionProblem, PromotionWarning } from '../../catalog/rewards.js';
import type { PromotionsAnswer, PromotionView } from '../../catalog/rewards-api.js';
import { ApiError } from '../api.js';
import { channelName } from '../channel-name.js';
import { errorText, failureText } from '../failure-text.js';
import type { Formats } from '../use-formats.js';
import type { RewardsText } from './rewards-messages.js';

/** What a promotion is called; its number where its name is not known. */
export function promotionName(text: RewardsText, answer: PromotionsAnswer | undefined, id: number): string {
  const promotion = answer?.promotions.find(({ promotionId }) => promotionId === id);
  return promotion ? text('promotion.named', { name: promotion.name, id }) : text('promotion.id', { id });
}

/** Why no code of a promotion is of use, in a sentence. */
export function problemText(
  text: RewardsText,
  { when }: Formats,
  problem: PromotionProblem,
  { endsAt, maxUses }: PromotionView,
): string {
  return text(`problem.${problem}`, {
    when: endsAt === null ? '' : when(endsAt),
    max: maxUses ?? 0,
  });
}

/** What a merchant should know of a promotion, in a sentence. */
export function warningText(
  text: RewardsText,
  { when }: Formats,
  channels: readonly ChannelView[],
  warning: PromotionWarning,
): string {
  switch (warning.kind) {
    case 'not-started':
      return text('warning.not-started', { when: when(warning.startsAt) });
    case 'ends-soon':
      return text('warning.ends-soon', { when: when(warning.endsAt) });
    case 'few-uses-left': {
      const { maxUses, currentUses, openCodes } = warning;
      const used = text('warning.few-uses-left', { max: maxUses, used: currentUses });
      return openCodes === 0 ? used : `${used} ${text('warning.open-codes', { count: openCodes })}`;
    }
    case 'other-storefronts':
      return text('warning.other-storefronts', {
        names: warning.channelIds.map((id) => channelName(channels, id)).join(', '),
      });
    case 'shared':
      return text('warning.shared', { ids: warning.supplierIds.join(', ') });
    case 'not-bulk':
      return text('warning.not-bulk');
  }
}

/** Why something failed, for people: as on the settings page, and for what only rewards meet. Codes in lower case are Extole's. */
export function rewardFailureText(text: RewardsText, failure: Pick<Failure, 'code' | 'message'>): string {
  switch (failure.code) {
    case 'BIGCOMMERCE_SCOPE_MISSING':
      return text('finding.noScope');
    case 'access_denied':
    case 'expired_access_token':
    case 'invalid_access_token':
    case 'method_unauthorized':
    case 'missing_access_token':
      return text('failure.tokenRefused');
    case 'COUPON_CODE_MISSING':
    case 'COUPON_CODES_TAKEN':
    case 'PROMOTION_UNUSABLE':
    case 'REWARDS_FOLLOW':
    case 'REWARD_FAILED_IN_EXTOLE':
    case 'REWARD_FULFILLED_ELSEWHERE':
    case 'REWARD_NOT_CUSTOM':
    case 'REWARD_SUPPLIER_UNKNOWN':
    case 'REWARD_UNKNOWN':
    case 'STOREFRONT_OFF':
      return text(`failure.${failure.code}`);
    default:
      return failureText(text, failure);
  }
}

/** Why a call of the rewards failed, for people. */
export const rewardErrorText = (text: RewardsText, error: Error): string =>
  error instanceof ApiError ? rewardFailureText(text, error.failure) : errorText(text, error);
