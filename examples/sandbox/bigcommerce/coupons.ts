import { inCents } from '../store-data.js';
import { type CouponCodeRecord, findCode, findPromotion, type PromotionRecord } from './promotions.js';
import type { StoreContent } from './store-content.js';

/** A coupon that a checkout took, as its order notes it. */
export interface TakenCoupon {
  readonly code: string;
  readonly displayName: string;
  /** What it takes off of this order. */
  readonly discount: number;
  /** The promotion's code; `null` for a code that belongs to none. */
  readonly couponCodeId: number | null;
}

/** Why a checkout takes no coupon: nobody made it, not now or not here, not any more, or not once more. */
export const COUPON_PROBLEMS = ['unknown', 'not_valid', 'ended', 'used_up'] as const;
export type CouponProblem = (typeof COUPON_PROBLEMS)[number];

/** What a checkout says of a coupon that it does not take. */
export interface CouponRefusal {
  readonly code: string;
  readonly problem: CouponProblem;
}

/** What is bought, as far as coupons ask. */
export interface CouponCart {
  readonly subtotal: number;
  readonly currency: string;
  /** How many of its currency a unit of the store's default currency is. */
  readonly rate: number;
  readonly channelId: number;
  /** Of who buys. */
  readonly email: string;
}

/** Of no promotion, and good for ever. */
const FREE_CODE = 'WELCOME';
const FREE_PERCENT = 10;

/** A code that belongs to no promotion. */
export function freeCoupon(code: string, subtotal: number): TakenCoupon {
  const discount = inCents((subtotal * FREE_PERCENT) / 100);
  return { code, displayName: `${FREE_PERCENT}% off`, discount, couponCodeId: null };
}

/**
 * What coupon codes take off: all of them, or the first that is refused. A store without coupon promotions takes any code; one that has them,
 * theirs, and {@link FREE_CODE}. They take off of the whole cart, each as if it were alone, until nothing is left.
 */
export function takeCoupons(
  content: StoreContent,
  codes: readonly string[],
  cart: CouponCart,
): { readonly taken: readonly TakenCoupon[] } | { readonly refused: CouponRefusal } {
  const isAnyTaken = ![...content.promotions.values()].some(
    ({ redemption_type }) => redemption_type === 'COUPON',
  );
  const taken = new Map<string, TakenCoupon>();
  let left = cart.subtotal;
  for (const code of codes) {
    const record = findCode(content, code);
    const isFree = isAnyTaken || code.toUpperCase() === FREE_CODE;
    const problem = record ? problemOf(content, record, cart) : isFree ? null : 'unknown';
    if (problem) return { refused: { code, problem } };
    const coupon = record ? couponOf(content, record, cart) : freeCoupon(code, cart.subtotal);
    if (taken.has(coupon.code)) continue;
    taken.set(coupon.code, { ...coupon, discount: Math.min(coupon.discount, left) });
    left = inCents(left - Math.min(coupon.discount, left));
  }
  return { taken: [...taken.values()] };
}

/** Counts that coupons were used, once their order is placed. */
export function spendCoupons(content: StoreContent, coupons: readonly TakenCoupon[], email: string): void {
  for (const { code, couponCodeId } of coupons) {
    const record = findCode(content, code);
    if (record === undefined || record.id !== couponCodeId) continue;
    const usesByCustomer = new Map(record.usesByCustomer);
    usesByCustomer.set(email, (usesByCustomer.get(email) ?? 0) + 1);
    const current_uses = record.current_uses + 1;
    content.couponCodes.set(code.toUpperCase(), { ...record, current_uses, usesByCustomer });
    const promotion = findPromotion(content, record.promotionId);
    content.promotions.set(promotion.id, { ...promotion, current_uses: promotion.current_uses + 1 });
  }
}

function problemOf(content: StoreContent, code: CouponCodeRecord, cart: CouponCart): CouponProblem | null {
  const promotion = findPromotion(content, code.promotionId);
  const { status, start_date, end_date, channels, currency_code, max_uses } = promotion;
  const now = content.now().getTime();
  if (end_date !== null && Date.parse(end_date) <= now) return 'ended';
  const isHere = channels.length === 0 || channels.some(({ id }) => id === cart.channelId);
  const isPayable = ['*', cart.currency].includes(currency_code);
  if (status !== 'ENABLED' || Date.parse(start_date) > now || !isHere || !isPayable) return 'not_valid';
  const isUsedUp = [
    [max_uses ?? 0, promotion.current_uses],
    [code.max_uses, code.current_uses],
    [code.max_uses_per_customer, code.usesByCustomer.get(cart.email) ?? 0],
  ].some(([max = 0, uses = 0]) => max > 0 && uses >= max);
  return isUsedUp ? 'used_up' : null;
}

function couponOf(
  content: StoreContent,
  { id, code, promotionId }: CouponCodeRecord,
  cart: CouponCart,
): TakenCoupon {
  const promotion = findPromotion(content, promotionId);
  const displayName = promotion.display_name || promotion.name;
  return { code, displayName, discount: discountOf(promotion, cart), couponCodeId: id };
}

function discountOf({ rules }: PromotionRecord, { subtotal, rate }: CouponCart): number {
  const amounts = rules.map(({ action: { cart_value } }) =>
    'percentage_amount' in cart_value.discount
      ? (subtotal * Number(cart_value.discount.percentage_amount)) / 100
      : Number(cart_value.discount.fixed_amount) * rate,
  );
  // "Until the first applicable one applies a discount successfully": here every one is applicable.
  return inCents(Math.min(subtotal, amounts[0] ?? 0));
}
