import type { RewardSettings } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { codegenFields } from './draw-code.js';
import { codeMissing, type RewardCode } from './reward-code.js';

/** A code that BigCommerce has. */
export interface MadeCode {
  readonly code: string;
  /** `null`: BigCommerce did not tell. */
  readonly bigcommerceId: number | null;
}

/**
 * Has BigCommerce make a code, as often usable as the settings say: the one that we chose, or one that it draws behind the marker.
 *
 * @returns `'taken'`: a code of that name is there.
 * @throws {AppError} `COUPON_CODE_MISSING`
 * @throws {BigCommerceError} Any of its codes.
 */
export async function askForCode(
  client: BigCommerceClient,
  promotionId: number,
  { code, marker }: Pick<RewardCode, 'code' | 'marker'>,
  settings: RewardSettings,
): Promise<MadeCode | 'taken'> {
  if (code === null) {
    const [drawn] = await client.generatePromotionCodes(promotionId, codegenFields(settings, marker, 1));
    if (drawn !== undefined) return { code: drawn, bigcommerceId: null };
    throw codeMissing(promotionId);
  }
  const made = await client.createPromotionCode(promotionId, {
    code,
    max_uses: settings.maxUses,
    max_uses_per_customer: settings.maxUsesPerCustomer,
  });
  return made === 'taken' ? made : { code: made.code, bigcommerceId: made.id };
}
