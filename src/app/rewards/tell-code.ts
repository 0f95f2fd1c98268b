import {
  type ExtoleReward,
  type RewardResult,
  tellFulfilled,
  tellFulfilledAndSent,
} from '../extole/rewards.js';
import type { RewardLane } from './reward-lanes.js';

/** Tells Extole the code of a reward, as the merchant wants it told. One that nobody's e-mail address is known of is sent to nobody. */
export function tellCode(
  deps: Parameters<typeof tellFulfilled>[0],
  { settings, token }: RewardLane,
  { rewardId, email }: ExtoleReward,
  promotionId: number,
  code: string,
): Promise<RewardResult> {
  const message = `A coupon code of BigCommerce promotion ${promotionId}.`;
  return settings.told === 'fulfilled_and_sent' && email
    ? tellFulfilledAndSent(deps, token, rewardId, { code, message, email })
    : tellFulfilled(deps, token, rewardId, { code, message });
}
