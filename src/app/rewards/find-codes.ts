import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { PromotionCode } from '../../store/promotion-types.js';
import type { RewardCode } from './reward-code.js';

/**
 * Looks in BigCommerce for a code: by its value where that is known, and for all with its marker where BigCommerce drew it and nobody heard of it.
 *
 * @returns The first that was made first; empty where there is none, or no promotion any more.
 */
export async function findCodes(
  client: BigCommerceClient,
  { promotion_id: promotionId, code, marker }: Pick<RewardCode, 'promotion_id' | 'code' | 'marker'>,
): Promise<PromotionCode[]> {
  if (code !== null) {
    const found = await client.promotionCode(promotionId, code);
    return found ? [found] : [];
  }
  const found = await client.promotionCodesWith(promotionId, [marker]);
  return found.sort((one, other) => one.id - other.id);
}

/** Whether nobody has used a code yet. */
export const isUnused = ({ current_uses: uses }: PromotionCode): boolean => !uses;
