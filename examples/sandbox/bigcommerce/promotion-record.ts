import { z } from 'zod';

/** Money and percentages are texts in the Promotions API. */
const AMOUNT = z.string().regex(/^\d+(\.\d+)?$/, 'Has to be an amount, as text.');
const DATE = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'Has to be a date in ISO 8601.');

/** Of all that a rule can do, what the checkout of the stand-in does: take something off the whole cart, under no condition. */
const RULE = z.strictObject({
  action: z.strictObject({
    cart_value: z.strictObject({
      discount: z.union([
        z.strictObject({ percentage_amount: AMOUNT }),
        z.strictObject({ fixed_amount: AMOUNT }),
      ]),
    }),
  }),
  apply_once: z.boolean().default(true),
  stop: z.boolean().default(false),
});

/** What can be said of a promotion. What BigCommerce leaves out of its answers is `null` here. */
export const PROMOTION_FIELDS = z.object({
  name: z.string().min(1),
  display_name: z.string().default(''),
  redemption_type: z.enum(['AUTOMATIC', 'COUPON']),
  coupon_type: z.enum(['SINGLE', 'BULK']).nullable().default(null),
  channels: z.array(z.strictObject({ id: z.int() })).default([]),
  customer: z.record(z.string(), z.unknown()).default({
    group_ids: [],
    minimum_order_count: 0,
    excluded_group_ids: [],
  }),
  rules: z.array(RULE).min(1),
  max_uses: z.int().min(1).nullable().default(null),
  status: z.enum(['ENABLED', 'DISABLED', 'INVALID']).default('ENABLED'),
  start_date: DATE,
  end_date: DATE.nullable().default(null),
  stop: z.boolean().default(false),
  can_be_used_with_other_promotions: z.boolean().default(true),
  coupon_overrides_other_promotions: z.boolean().default(false),
  currency_code: z.string().default('USD'),
  notifications: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** A promotion. */
export interface PromotionRecord extends Readonly<z.infer<typeof PROMOTION_FIELDS>> {
  readonly id: number;
  readonly current_uses: number;
  readonly created_from: 'react_ui' | 'api';
}

/** A code of a promotion. */
export interface CouponCodeRecord {
  readonly id: number;
  readonly promotionId: number;
  readonly code: string;
  /** 0: any number. */
  readonly max_uses: number;
  readonly max_uses_per_customer: number;
  readonly current_uses: number;
  /** ISO 8601. */
  readonly created: string;
  /** By e-mail address, which a guest has too. */
  readonly usesByCustomer: ReadonlyMap<string, number>;
}

/** What takes off so many percent. */
export const percentOff = (percent: number): PromotionRecord['rules'] =>
  ruleOf({ percentage_amount: `${percent}` });

/** What takes off so much of the store's default currency. */
export const amountOff = (amount: number): PromotionRecord['rules'] => ruleOf({ fixed_amount: `${amount}` });

const ruleOf = (
  discount: { percentage_amount: string } | { fixed_amount: string },
): PromotionRecord['rules'] => [{ action: { cart_value: { discount } }, apply_once: true, stop: false }];

/** What a promotion is where nobody says: ten percent for codes that are made in bulk. */
export const SAMPLE_PROMOTION: Omit<PromotionRecord, 'id' | 'name'> = {
  ...PROMOTION_FIELDS.omit({ name: true }).parse({
    redemption_type: 'COUPON',
    coupon_type: 'BULK',
    rules: percentOff(10),
    start_date: '2026-01-01T00:00:00+00:00',
  }),
  current_uses: 0,
  created_from: 'react_ui',
};
