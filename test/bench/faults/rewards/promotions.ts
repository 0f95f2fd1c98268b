import { setTimeout as pause } from 'node:timers/promises';
import { changePromotion, createPromotion } from '../../../../examples/sandbox/bigcommerce/promotions.js';
import type { StoreContent } from '../../../../examples/sandbox/bigcommerce/store-content.js';

/** The promotions that each store has. */
export const PROMOTION_KINDS = [
  { name: 'single', share: 0.25, couponType: 'SINGLE', isKeptReady: false },
  { name: 'bulk', share: 0.2, couponType: 'BULK', isKeptReady: false },
  { name: 'kept ready', share: 0.25, couponType: 'BULK', isKeptReady: true },
  { name: 'ends', share: 0.1, couponType: 'BULK', isKeptReady: true },
  { name: 'is used up', share: 0.1, couponType: 'SINGLE', isKeptReady: false },
  { name: 'is disabled for a while', share: 0.1, couponType: 'SINGLE', isKeptReady: false },
] as const;

/** What becomes of a promotion during the run. */
export type PromotionKind = (typeof PROMOTION_KINDS)[number]['name'];

/** A promotion of a store. */
export interface BenchPromotion {
  readonly id: number;
  readonly kind: PromotionKind;
  readonly isKeptReady: boolean;
  /** Since when no code of it is of use for good. */
  uselessSinceMs: number | undefined;
}

/** Makes a store's promotions. */
export function createPromotions(content: StoreContent): BenchPromotion[] {
  return PROMOTION_KINDS.map(({ name, couponType, isKeptReady }) => {
    const { id } = createPromotion(content, { name, coupon_type: couponType });
    return { id, kind: name, isKeptReady, uselessSinceMs: undefined };
  });
}

/** Does to a store's promotions what merchants, time and shoppers do. Settles when all is done. */
export async function changePromotions(
  content: StoreContent,
  promotions: readonly BenchPromotion[],
  durationMs: number,
  signal: AbortSignal,
): Promise<void> {
  const of = (kind: PromotionKind): readonly BenchPromotion[] =>
    promotions.filter((promotion) => promotion.kind === kind);
  await pause(0.3 * durationMs, undefined, { signal });
  for (const { id } of of('is disabled for a while')) changePromotion(content, id, { status: 'DISABLED' });
  await pause(0.3 * durationMs, undefined, { signal });
  for (const { id } of of('is disabled for a while')) changePromotion(content, id, { status: 'ENABLED' });
  for (const promotion of of('ends')) {
    promotion.uselessSinceMs = Date.now();
    changePromotion(content, promotion.id, { end_date: new Date().toISOString() });
  }
  for (const promotion of of('is used up')) {
    promotion.uselessSinceMs = Date.now();
    changePromotion(content, promotion.id, { max_uses: 1_000, current_uses: 1_000 });
  }
}
