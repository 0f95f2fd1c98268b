import { randomInt } from 'node:crypto';
import { ApiError, invalid, notFound } from './answers.js';
import { type CouponCodeRecord, type PromotionRecord, SAMPLE_PROMOTION } from './promotion-record.js';
import type { StoreContent } from './store-content.js';

export { amountOff, type CouponCodeRecord, type PromotionRecord, percentOff } from './promotion-record.js';

/** A code that somebody chose. */
export interface NewCode {
  readonly code: string;
  /** 0, which is the default, is any number. */
  readonly max_uses?: number;
  readonly max_uses_per_customer?: number;
}

/** How codes are drawn: `{prefix}{delimiter}{drawn}{delimiter}{suffix}`. */
export interface CodeDraw {
  readonly batch_size: number;
  readonly max_uses: number;
  readonly max_uses_per_customer: number;
  readonly prefix: string;
  readonly suffix: string;
  readonly delimiter: string;
  readonly exclude_characters: readonly string[];
  readonly code_length: number;
}

const MAX_CODE_LENGTH = 50;

/** Makes a promotion. What is not said is as in {@link SAMPLE_PROMOTION}. */
export function createPromotion(
  content: StoreContent,
  said: Partial<Omit<PromotionRecord, 'id'>> = {},
): PromotionRecord {
  content.lastPromotionId += 1;
  const id = content.lastPromotionId;
  const promotion: PromotionRecord = {
    ...SAMPLE_PROMOTION,
    name: `Promotion ${id}`,
    ...(said.redemption_type === 'AUTOMATIC' && { coupon_type: null }),
    ...said,
    id,
  };
  content.promotions.set(id, promotion);
  return promotion;
}

/**
 * Changes what is said of a promotion.
 *
 * @throws {ApiError} 404 when there is no such promotion.
 */
export function changePromotion(
  content: StoreContent,
  id: number,
  changes: Partial<Omit<PromotionRecord, 'id'>>,
): PromotionRecord {
  const promotion = { ...findPromotion(content, id), ...changes };
  content.promotions.set(id, promotion);
  return promotion;
}

/** Deletes a promotion with its codes, as a merchant does. It may be gone already. */
export function deletePromotion(content: StoreContent, id: number): void {
  for (const { code } of codesOf(content, id)) deleteCode(content, code);
  content.promotions.delete(id);
}

/** @throws {ApiError} 404 when there is no such promotion. */
export function findPromotion({ promotions }: StoreContent, id: number): PromotionRecord {
  const promotion = promotions.get(id);
  if (!promotion) throw notFound(`Promotion ${id}`);
  return promotion;
}

/** The codes of a promotion, in the order in which they were made. */
export function codesOf({ couponCodes }: StoreContent, promotionId: number): CouponCodeRecord[] {
  return [...couponCodes.values()].filter((code) => code.promotionId === promotionId);
}

/** A code, however it is written. */
export function findCode({ couponCodes }: StoreContent, code: string): CouponCodeRecord | undefined {
  return couponCodes.get(keyOf(code));
}

/**
 * Gives a promotion a code. How many a promotion with a single one may have is not documented: the API adds more, the control panel does not.
 *
 * @throws {ApiError} 404 when there is no such promotion; 422 when it takes no codes, or some promotion has one of that name.
 */
export function addCode(content: StoreContent, promotionId: number, said: NewCode): CouponCodeRecord {
  const { code, max_uses = 0, max_uses_per_customer = 0 } = said;
  if (findPromotion(content, promotionId).redemption_type !== 'COUPON')
    throw invalid('redemption_type', 'An automatic promotion has no codes.');
  if (findCode(content, code)) throw invalid('code', `The code ${code} is in use already.`);
  content.lastCouponCodeId += 1;
  const record: CouponCodeRecord = {
    id: content.lastCouponCodeId,
    promotionId,
    code,
    max_uses,
    max_uses_per_customer,
    current_uses: 0,
    created: content.now().toISOString(),
    usesByCustomer: new Map(),
  };
  content.couponCodes.set(keyOf(code), record);
  return record;
}

/**
 * Draws codes of a promotion.
 *
 * @throws {ApiError} 404 when there is no such promotion; 405 unless its codes are made in bulk; 422 when a code would be too long, or
 *   nothing is left to draw from.
 */
export function generateCodes(
  content: StoreContent,
  promotionId: number,
  draw: CodeDraw,
): CouponCodeRecord[] {
  const { coupon_type } = findPromotion(content, promotionId);
  if (coupon_type !== 'BULK')
    throw new ApiError(405, 'Codes can be generated for bulk coupon promotions only.');
  const { prefix, suffix, delimiter, code_length, exclude_characters } = draw;
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].filter(
    (character) => !exclude_characters.includes(character),
  );
  if (alphabet.length === 0) throw invalid('exclude_characters', 'Nothing is left.');
  const drawn = (): string =>
    Array.from({ length: code_length }, () => alphabet[randomInt(alphabet.length)]).join('');
  const codeOf = (middle: string): string => [prefix, middle, suffix].filter(Boolean).join(delimiter);
  if (codeOf(drawn()).length > MAX_CODE_LENGTH)
    throw invalid('code_length', `A code may have ${MAX_CODE_LENGTH} characters in all.`);
  return Array.from({ length: draw.batch_size }, () => {
    let code = codeOf(drawn());
    while (findCode(content, code)) code = codeOf(drawn());
    return addCode(content, promotionId, { ...draw, code });
  });
}

/** Deletes a code. It may be gone already. */
export function deleteCode({ couponCodes }: StoreContent, code: string): void {
  couponCodes.delete(keyOf(code));
}

/** A store has each code once, whatever its case: shoppers need not mind it. */
const keyOf = (code: string): string => code.toUpperCase();
