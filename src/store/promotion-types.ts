import { z } from 'zod';

/*
 * What we read of promotions and their coupon codes. Source: BigCommerce, OpenAPI file promotions.v3.
 */

/** A promotion, as far as we read it. */
export const promotionSchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  redemption_type: z.string(),
  /** `SINGLE` or `BULK`, of those with a coupon. */
  coupon_type: z.string().nullish(),
  status: z.string(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
  max_uses: z.number().nullish(),
  current_uses: z.number().nullish(),
  currency_code: z.string().nullish(),
  channels: z.array(z.looseObject({ id: z.number() })).nullish(),
});
export type Promotion = z.infer<typeof promotionSchema>;

/** A coupon code of a promotion. */
export const promotionCodeSchema = z.looseObject({
  id: z.number(),
  code: z.string(),
  current_uses: z.number().nullish(),
  max_uses: z.number().nullish(),
  max_uses_per_customer: z.number().nullish(),
  created: z.string().nullish(),
});
export type PromotionCode = z.infer<typeof promotionCodeSchema>;

/** A code that we choose. */
export interface CodeFields {
  /** At most 50 characters: letters, digits, `-` and `_`. */
  readonly code: string;
  readonly max_uses: number;
  readonly max_uses_per_customer: number;
}

/** Codes that BigCommerce draws: `{prefix}{delimiter}{drawn}`. */
export interface CodegenFields {
  /** From 1 to 250. */
  readonly batch_size: number;
  readonly max_uses: number;
  readonly max_uses_per_customer: number;
  /** At most 20 characters: capital letters, digits, `-` and `_`. */
  readonly prefix: string;
  readonly delimiter: '-' | '_';
  /** Of the drawn part: from 6 to 16. */
  readonly code_length: number;
  readonly exclude_characters: readonly string[];
}
