import { setTimeout as pause } from 'node:timers/promises';
import { spendCoupons } from '../../../../examples/sandbox/bigcommerce/coupons.js';
import { findCode } from '../../../../examples/sandbox/bigcommerce/promotions.js';
import type { StoreContent } from '../../../../examples/sandbox/bigcommerce/store-content.js';
import type { EarnedReward, ExtoleApi } from '../../../../examples/sandbox/extole-api/extole-api.js';
import type { PlannedReward } from './plan-rewards.js';
import type { BenchPromotion } from './promotions.js';
import type { RewardStep } from './reward-lives.js';
import { supplierOf } from './reward-stores.js';

const LOOK_EVERY_MS = 100;

/** A reward as it was lived. What Extole has of it at the end, Extole says. */
export interface LivedReward {
  readonly planned: PlannedReward;
  readonly promotion: BenchPromotion;
  readonly rewardId: string;
  readonly earnedMs: number;
  /** What somebody bought with. */
  usedCode: string | undefined;
}

/** What whoever else fulfils rewards tells Extole. */
export const ELSEWHERE = 'GIFT-CARD';

/**
 * Has a reward earned and live its life. Settles when all has happened, or when `signal` says that it is enough.
 *
 * @param onEarned - Gets it once it is there.
 */
export async function liveReward(
  { content, extole }: { readonly content: StoreContent; readonly extole: ExtoleApi },
  planned: PlannedReward,
  promotion: BenchPromotion,
  onEarned: (lived: LivedReward) => void,
  signal: AbortSignal,
): Promise<void> {
  const { name, email, earnedAfterMs, life, pausesMs } = planned;
  await pause(earnedAfterMs, undefined, { signal });
  const { id } = extole.earn({ supplierId: supplierOf(promotion.id), causeEventId: name, email });
  const lived: LivedReward = {
    planned,
    promotion,
    rewardId: id,
    earnedMs: Date.now(),
    usedCode: undefined,
  };
  onEarned(lived);
  for (const [index, step] of life.steps.entries()) {
    if (step.isOnceFulfilled && !(await isFulfilled(extole, id, signal))) return;
    await pause(pausesMs[index], undefined, { signal });
    take(content, extole, lived, step);
  }
}

const hasCode = ({ state }: EarnedReward): boolean => state === 'FULFILLED' || state === 'SENT';

async function isFulfilled(extole: ExtoleApi, rewardId: string, signal: AbortSignal): Promise<boolean> {
  while (extole.reward(rewardId).state === 'EARNED') await pause(LOOK_EVERY_MS, undefined, { signal });
  return hasCode(extole.reward(rewardId));
}

function take(content: StoreContent, extole: ExtoleApi, lived: LivedReward, { is }: RewardStep): void {
  const { rewardId, planned } = lived;
  const reward = extole.reward(rewardId);
  if (is === 'taken back') {
    extole.changeReward(rewardId, hasCode(reward) ? 'REVOKED' : 'CANCELED');
  } else if (is === 'fulfilled elsewhere') {
    if (reward.state === 'EARNED')
      extole.changeReward(rewardId, 'FULFILLED', { partnerRewardId: `${ELSEWHERE} ${planned.name}` });
  } else {
    const code = findCode(content, reward.partnerRewardId ?? '');
    if (!code) return;
    const coupon = { code: code.code, displayName: '', discount: 1, couponCodeId: code.id };
    spendCoupons(content, [coupon], planned.email ?? 'guest@example.com');
    lived.usedCode = code.code;
  }
}
