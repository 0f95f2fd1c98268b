import type { PromotionFacts } from '../../catalog/rewards.js';
import type { Promotion } from '../../store/promotion-types.js';

const STATUSES: Readonly<Record<string, PromotionFacts['status']>> = {
  ENABLED: 'enabled',
  DISABLED: 'disabled',
  INVALID: 'invalid',
};

/**
 * What of a promotion says whether its codes are good for anything. A status that BigCommerce does not document counts as `disabled`, so that no
 * code is made which nobody can use, and no reward fails of which something may still come.
 *
 * Source: BigCommerce, OpenAPI file promotions.v3, `PromotionBase` and `CouponPromotion`. `*` is any currency.
 */
export function promotionFacts(promotion: Promotion): PromotionFacts {
  const currency = promotion.currency_code ?? '*';
  return {
    promotionId: promotion.id,
    name: promotion.name,
    couponType: couponTypeOf(promotion),
    status: STATUSES[promotion.status] ?? 'disabled',
    startsAt: timeIn(promotion.start_date),
    endsAt: timeIn(promotion.end_date),
    // No merchant offers something that can be used 0 times; whoever sends 0 means that nothing limits it.
    maxUses: promotion.max_uses || null,
    currentUses: promotion.current_uses ?? 0,
    channelIds: (promotion.channels ?? []).map(({ id }) => id),
    currencyCode: currency === '*' ? null : currency,
  };
}

/** `SINGLE` unless said otherwise, as when one is made. */
function couponTypeOf({
  redemption_type: redemption,
  coupon_type: type,
}: Promotion): PromotionFacts['couponType'] {
  if (redemption !== 'COUPON') return null;
  return type === 'BULK' ? 'bulk' : 'single';
}

function timeIn(date: string | null | undefined): string | null {
  return date && !Number.isNaN(Date.parse(date)) ? new Date(date).toISOString() : null;
}
