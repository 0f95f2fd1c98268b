import { z } from 'zod';
import type { Failure, SecretView } from './admin-api.js';
import {
  type PromotionFacts,
  type PromotionProblem,
  type PromotionWarning,
  type RewardSettings,
  rewardSettingsSchema,
} from './rewards.js';

/*
 * How the Rewards page and the app talk, as `admin-api.ts` says it of the settings page. Times are ISO 8601, in UTC.
 */

/**
 * `waiting`: it is still to be fulfilled. `fulfilled`: there is a code, and Extole has it. `failed`: it can't be fulfilled, and Extole knows; it waits
 * for a replay. `canceled`: Extole took it back. `ignored`: its supplier leads to no promotion of this store, somebody else
 * fulfilled it, or it is none that we can fulfil.
 */
export const REWARD_STATES = ['waiting', 'fulfilled', 'failed', 'canceled', 'ignored'] as const;
export type RewardState = (typeof REWARD_STATES)[number];

/**
 * What has become of a code. `asked`: BigCommerce is being asked for it. `made`: it is there. `deleted`: it was deleted again, or never came to be.
 */
export const CODE_STATES = ['asked', 'made', 'deleted'] as const;
export type CodeState = (typeof CODE_STATES)[number];

/** A reward in the list. */
export interface RewardView {
  /** Extole's. */
  readonly rewardId: string;
  readonly channelId: number;
  readonly state: RewardState;
  readonly supplierId: string | null;
  readonly promotionId: number | null;
  /** `null`: there is none, or none yet. */
  readonly code: string | null;
  readonly codeState: CodeState | null;
  /** When we first heard of it. */
  readonly heardAt: string;
  readonly fulfilledAt: string | null;
  /** When it is tried next; `null` unless it waits. Not before rewards and the storefront are switched on: see {@link isSwitchedOff}. */
  readonly nextAttemptAt: string | null;
  readonly attemptCount: number;
  /** Why it waits or failed, or was ignored; `null` when nothing is wrong. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
}

/** The query of `GET /api/reward-codes`: 50 at a time, the newest first. */
export const rewardQuerySchema = z.strictObject({
  state: z.enum(REWARD_STATES).optional(),
  channelId: z.coerce.number().int().min(1).optional(),
  promotionId: z.coerce.number().int().min(1).optional(),
  /** A code or a reward's id, whole. */
  search: z.string().trim().min(1).max(100).optional(),
  /** What the page before answered with as `next`. */
  cursor: z.string().max(200).optional(),
});
export type RewardQuery = z.infer<typeof rewardQuerySchema>;

/** `GET /api/reward-codes` */
export interface RewardsListAnswer {
  readonly rewards: readonly RewardView[];
  readonly next: string | null;
}

/** `POST /api/rewards/replay`: those, or all that failed. One that is fulfilled keeps its code, and Extole is told nothing new. */
export const rewardReplayBodySchema = z.union([
  z.strictObject({ rewardIds: z.array(z.string().min(1).max(100)).min(1).max(500) }),
  z.strictObject({ all: z.literal('failed') }),
]);
export type RewardReplayBody = z.infer<typeof rewardReplayBodySchema>;

/** What it answers, with 202. */
export interface RewardReplayAnswer {
  readonly replayed: number;
}

/** The rewards of one storefront's Extole account. */
export interface RewardChannelView {
  readonly channelId: number;
  /** The storefront whose settings, and so whose account, count for this one; `null` for its own. Such a one has nothing to set. */
  readonly followsChannelId: number | null;
  /** What the merchant enters in Extole as the webhook's address. */
  readonly webhookUrl: string;
  readonly settings: RewardSettings;
  /** Whether the storefront itself is switched on. While it is not, its rewards wait, whatever their own settings say. */
  readonly isStorefrontEnabled: boolean;
  /** The client key; `null`: there is none yet. */
  readonly webhookKey: SecretView | null;
  /** Whether there is an access token of Extole's, without which no reward is fulfilled. */
  readonly hasAccessToken: boolean;
  /** Grows with each change; 0 until the first. */
  readonly revision: number;
  readonly savedAt: string | null;
  readonly savedBy: string | null;
  /** When the last reward webhook came that was Extole's. */
  readonly webhookAt: string | null;
  /** When Extole was last asked for rewards that we missed, with success. */
  readonly polledAt: string | null;
  /** Why it was not, the last time; `null` when it was. */
  readonly pollFailure: Pick<Failure, 'code' | 'message'> | null;
}

/** Whether the rewards of a storefront wait until they, or the storefront, are switched on. */
export const isSwitchedOff = ({ settings, isStorefrontEnabled }: RewardChannelView): boolean =>
  !settings.isEnabled || !isStorefrontEnabled;

/** `GET /api/rewards` */
export interface RewardsAnswer {
  readonly channels: readonly RewardChannelView[];
  readonly counts: Readonly<Record<RewardState, number>>;
  /** How many of those that wait only do so because rewards or the storefront are switched off. */
  readonly waitingForSwitch: number;
  /** How many are ignored because nothing leads their supplier to a promotion. */
  readonly unknownSupplier: number;
  /** Since when the oldest of those that wait for something else than a switch does. */
  readonly oldestWaitingAt: string | null;
  /** Whether the merchant gave the app access to promotions. Without it they have to open the app again and accept it. */
  readonly hasPromotionScope: boolean;
}

/** `PUT /api/rewards/channels/:channelId` answers a {@link RewardChannelView}; 409 `SETTINGS_CHANGED`, with `current`, when somebody else saved. */
export const rewardSaveBodySchema = z.strictObject({
  revision: z.int().min(0),
  settings: rewardSettingsSchema,
  /** A new client key, or `null` to forget it. Absent: it stays as it is. */
  webhookKey: z
    .string()
    .trim()
    .min(8)
    .max(500)
    .regex(/^[\x21-\x7e]+$/)
    .nullable()
    .optional(),
});
export type RewardSaveBody = z.infer<typeof rewardSaveBodySchema>;

/** What the 409 of it holds. */
export interface RewardConflict extends Failure {
  readonly code: 'SETTINGS_CHANGED';
  readonly current: RewardChannelView;
}

/** A promotion of the store, as it is in BigCommerce at this moment. */
export interface PromotionView extends PromotionFacts {
  /** Why rewards can't come from it; `null` when they can. */
  readonly problem: PromotionProblem | null;
  readonly warnings: readonly PromotionWarning[];
  /** Codes of ours that can still be used, as far as we know. */
  readonly openCodes: number;
  /** How many codes are kept ready, and how many should be; `null` where none are. */
  readonly ready: { readonly count: number; readonly target: number } | null;
  /** Whether a reward led to it in the last 90 days, or a supplier in the settings does. */
  readonly isUsed: boolean;
}

/** `GET /api/promotions?channelId=1`: the storefront that warnings are about. Promotions with coupons first, the newest first. */
export interface PromotionsAnswer {
  readonly promotions: readonly PromotionView[];
  /** Promotions that settings or rewards name and the store has not. */
  readonly missing: readonly number[];
}

/** `POST /api/promotions/:promotionId/test`: makes a code as a reward would, and deletes it again. */
export const codeTestBodySchema = z.strictObject({ channelId: z.int().min(1) });

/** What it answers. What went wrong is a failure: `PROMOTION_UNUSABLE`, or one of BigCommerce's. */
export interface CodeTestAnswer {
  /** The code that was there for a moment. */
  readonly code: string;
}
