import { z } from 'zod';

/*
 * What a merchant sets for the rewards of one storefront's Extole account, and what can be wrong with a promotion. The app and the Rewards
 * page both read it.
 */

/**
 * How Extole proves that a reward webhook is its own, with the client key that the merchant shares with it.
 *
 * `hmac-sha256`: `X-Extole-Signature` is the lowercase hex HMAC-SHA256 of the body. `hmac-sha256-prefixed` and `hmac-sha1-prefixed`: the same
 * behind `sha256=`, or an HMAC-SHA1 behind `sha1=`. `bearer`, `basic`: the key itself, in `Authorization`.
 *
 * Source: Extole, "Reward Webhooks" and "Webhook Creation"; its samples differ, so merchants choose.
 */
export const WEBHOOK_PROOFS = [
  'hmac-sha256',
  'hmac-sha256-prefixed',
  'hmac-sha1-prefixed',
  'bearer',
  'basic',
] as const;

/** One of {@link WEBHOOK_PROOFS}. */
export type WebhookProof = (typeof WEBHOOK_PROOFS)[number];

/** What coupon codes are drawn from. `pronounceable`: consonants and vowels in turn. */
export const CODE_PATTERNS = ['random', 'pronounceable'] as const;

/** How short the drawn part of a code may be: shorter ones could be guessed, since there are fewer that can be pronounced. */
export const SHORTEST_CODE = { random: 8, pronounceable: 12 } as const satisfies Readonly<
  Record<(typeof CODE_PATTERNS)[number], number>
>;

const promotionId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What a merchant sets. The client key is not part of it: it goes to the server and never comes back. */
export const rewardSettingsSchema = z.strictObject({
  /** Off: rewards that come in are kept, and wait. */
  isEnabled: z.boolean(),
  /** How we hear of rewards at once. Whichever it is, the app asks Extole every 15 minutes for any that it missed. */
  intake: z.enum(['webhook', 'polling']),
  webhookProof: z.enum(WEBHOOK_PROOFS),
  /**
   * Whether a supplier's `partner_reward_supplier_id` names the promotion. To be switched off where several stores share one Extole account,
   * since each would take the others' rewards for its own.
   */
  usesPartnerSupplierIds: z.boolean(),
  /** The promotion of each reward supplier, by Extole's id of it. Asked when the supplier itself names none. */
  suppliers: z
    .array(
      z.strictObject({
        supplierId: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .regex(/^[\w-]+$/),
        promotionId,
      }),
    )
    .max(50),
  /** What Extole is told once there is a code. `fulfilled_and_sent`: Extole sends no e-mail of its own. */
  told: z.enum(['fulfilled', 'fulfilled_and_sent']),
  code: z
    .strictObject({
      /** Before the part that is drawn: `THANKS-`. */
      prefix: z
        .string()
        .max(12)
        .regex(/^[A-Z0-9_-]*$/),
      pattern: z.enum(CODE_PATTERNS),
      /** Of the part that is drawn. */
      length: z.int().max(16),
      /** Whether 0, O, 1, I and L are left out. */
      excludesLookAlikes: z.boolean(),
    })
    .refine(({ pattern, length }) => length >= SHORTEST_CODE[pattern], { path: ['length'] }),
  /** Of each code: in all, and by one customer. */
  maxUses: z.int().min(1).max(1_000),
  maxUsesPerCustomer: z.int().min(1).max(1_000),
  /** Promotions of which codes are kept ready, made in bulk. */
  readyPromotionIds: z.array(promotionId).max(20),
  /** How many are kept ready at least. With much use it is more: what two days take. */
  minReady: z.int().min(1).max(2_000),
});

/** See {@link rewardSettingsSchema}. */
export type RewardSettings = z.infer<typeof rewardSettingsSchema>;

/** What a storefront starts with. */
export const DEFAULT_REWARD_SETTINGS: RewardSettings = {
  isEnabled: false,
  intake: 'webhook',
  webhookProof: 'hmac-sha256',
  usesPartnerSupplierIds: true,
  suppliers: [],
  told: 'fulfilled',
  code: { prefix: '', pattern: 'random', length: 10, excludesLookAlikes: true },
  maxUses: 1,
  maxUsesPerCustomer: 1,
  readyPromotionIds: [],
  minReady: 20,
};

/** What of a promotion says whether codes of it are good for anything. As the Promotions API has it, in our words. */
export interface PromotionFacts {
  readonly promotionId: number;
  readonly name: string;
  /** `null`: it needs no coupon. */
  readonly couponType: 'single' | 'bulk' | null;
  readonly status: 'enabled' | 'disabled' | 'invalid';
  /** ISO 8601. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  /** Of all codes together; `null`: any number. */
  readonly maxUses: number | null;
  readonly currentUses: number;
  /** Empty: all. */
  readonly channelIds: readonly number[];
  /** `null`: any. */
  readonly currencyCode: string | null;
}

/**
 * Why no code of a promotion is of use. `gone` is for a promotion that is not there. `disabled` passes when the merchant switches it on again; of
 * the others nothing comes any more.
 */
export const PROMOTION_PROBLEMS = ['gone', 'not-coupon', 'invalid', 'ended', 'used-up', 'disabled'] as const;

/** One of {@link PROMOTION_PROBLEMS}. */
export type PromotionProblem = (typeof PROMOTION_PROBLEMS)[number];

/** What a merchant should know of a promotion whose codes are of use. */
export type PromotionWarning =
  | { readonly kind: 'not-started'; readonly startsAt: string }
  /** It ends within 14 days. */
  | { readonly kind: 'ends-soon'; readonly endsAt: string }
  /** "This promotion allows 100 uses in all; 93 are used." From 80 % on, or where the codes that are out could use up the rest. */
  | {
      readonly kind: 'few-uses-left';
      readonly maxUses: number;
      readonly currentUses: number;
      readonly openCodes: number;
    }
  /** It holds on these storefronts only, and this one is none of them. */
  | { readonly kind: 'other-storefronts'; readonly channelIds: readonly number[] }
  /** Several suppliers lead to it: separate ones for advocates and friends are recommended. */
  | { readonly kind: 'shared'; readonly supplierIds: readonly string[] }
  /** Codes can't be kept ready, since it is no bulk promotion. */
  | { readonly kind: 'not-bulk' };

/**
 * What is wrong with a promotion, the first thing that is; `null` when codes of it can be used, now or once it begins.
 *
 * Source: BigCommerce, OpenAPI file promotions.v3; when a promotion ends or is used up, so is every code of it.
 */
export function promotionProblem(promotion: PromotionFacts | undefined, now: Date): PromotionProblem | null {
  if (!promotion) return 'gone';
  const { couponType, status, endsAt, maxUses, currentUses } = promotion;
  if (couponType === null) return 'not-coupon';
  if (status === 'invalid') return 'invalid';
  if (endsAt !== null && Date.parse(endsAt) <= now.getTime()) return 'ended';
  if (maxUses !== null && currentUses >= maxUses) return 'used-up';
  return status === 'disabled' ? 'disabled' : null;
}
