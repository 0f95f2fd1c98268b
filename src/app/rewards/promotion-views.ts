import {
  type PromotionFacts,
  type PromotionWarning,
  promotionProblem,
  type RewardSettings,
} from '../../catalog/rewards.js';
import type { PromotionView } from '../../catalog/rewards-api.js';
import { readyTarget } from './ready-target.js';

/** An end is told of so long before. */
const ENDS_SOON_DAYS = 14;

/** From this part of its uses on, a promotion is told to have few left. */
const FEW_LEFT_FROM = 0.8;

/** What the app knows of a promotion beside what BigCommerce says. */
export interface PromotionUse {
  /** Codes of ours that were made and not deleted, whether rewards got them or not. */
  readonly madeCount: number;
  /** Of them, those that wait for a reward, on the terms of the storefront that is looked for. */
  readonly readyCount: number;
  /** How many rewards got a code since `readyWindowStart`. */
  readonly givenCount: number;
  /** The suppliers of the rewards that led to it in the last 90 days. */
  readonly supplierIds: readonly string[];
}

/** For whom promotions are looked at. */
export interface PromotionViewer {
  readonly channelId: number;
  /** The settings that count for this storefront. */
  readonly settings: RewardSettings;
  readonly now: Date;
}

const NEVER_USED: PromotionUse = { madeCount: 0, readyCount: 0, givenCount: 0, supplierIds: [] };

/** A store's promotions as the Rewards page shows them: those with coupons first, the newest first. */
export function promotionViews(
  promotions: readonly PromotionFacts[],
  uses: ReadonlyMap<number, PromotionUse>,
  viewer: PromotionViewer,
): PromotionView[] {
  return promotions
    .map((promotion) => promotionView(promotion, uses.get(promotion.promotionId) ?? NEVER_USED, viewer))
    .sort(
      (one, other) =>
        Number(one.couponType === null) - Number(other.couponType === null) ||
        other.promotionId - one.promotionId,
    );
}

/** Promotions that the settings or lately rewards name and the store has not. By id. */
export function missingPromotions(
  promotions: readonly PromotionFacts[],
  uses: ReadonlyMap<number, PromotionUse>,
  { suppliers, readyPromotionIds }: RewardSettings,
): number[] {
  const named = new Set([
    ...suppliers.map(({ promotionId }) => promotionId),
    ...readyPromotionIds,
    ...[...uses].filter(([, { supplierIds }]) => supplierIds.length > 0).map(([id]) => id),
  ]);
  for (const { promotionId } of promotions) named.delete(promotionId);
  return [...named].sort((one, other) => one - other);
}

function promotionView(promotion: PromotionFacts, use: PromotionUse, viewer: PromotionViewer): PromotionView {
  const { promotionId, couponType } = promotion;
  const { minReady, readyPromotionIds } = viewer.settings;
  const isKeptReady = couponType === 'bulk' && readyPromotionIds.includes(promotionId);
  return {
    ...promotion,
    problem: promotionProblem(promotion, viewer.now),
    warnings: promotionWarnings(promotion, use, viewer),
    openCodes: openCodes(promotion, use, viewer.settings),
    ready: isKeptReady ? { count: use.readyCount, target: readyTarget(minReady, use.givenCount) } : null,
    isUsed: suppliersOf(promotionId, use, viewer.settings).length > 0,
  };
}

/**
 * What a merchant should know of a promotion, from what hinders most to what hinders least. Nothing of one whose codes are of no use: its problem
 * says all.
 *
 * Source of what ends a code: BigCommerce, OpenAPI file promotions.v3; a promotion's `max_uses` and `end_date` are those of all of its codes.
 */
export function promotionWarnings(
  promotion: PromotionFacts,
  use: PromotionUse,
  { channelId, settings, now }: PromotionViewer,
): PromotionWarning[] {
  if (promotionProblem(promotion, now)) return [];
  const { promotionId, couponType, startsAt, endsAt, maxUses, currentUses, channelIds } = promotion;
  const warnings: PromotionWarning[] = [];

  if (startsAt !== null && Date.parse(startsAt) > now.getTime()) {
    warnings.push({ kind: 'not-started', startsAt });
  }
  if (channelIds.length > 0 && !channelIds.includes(channelId)) {
    warnings.push({ kind: 'other-storefronts', channelIds });
  }
  if (endsAt !== null && Date.parse(endsAt) - now.getTime() <= ENDS_SOON_DAYS * 86_400_000) {
    warnings.push({ kind: 'ends-soon', endsAt });
  }
  if (maxUses !== null) {
    const open = openCodes(promotion, use, settings);
    const isNearlyUsedUp = currentUses >= maxUses * FEW_LEFT_FROM;
    const canUseUpTheRest = open > 0 && open * settings.maxUses >= maxUses - currentUses;
    if (isNearlyUsedUp || canUseUpTheRest) {
      warnings.push({ kind: 'few-uses-left', maxUses, currentUses, openCodes: open });
    }
  }
  if (couponType !== 'bulk' && settings.readyPromotionIds.includes(promotionId)) {
    warnings.push({ kind: 'not-bulk' });
  }
  const supplierIds = suppliersOf(promotionId, use, settings);
  if (supplierIds.length > 1) warnings.push({ kind: 'shared', supplierIds });
  return warnings;
}

/**
 * Codes of ours that can still be used. BigCommerce counts the uses of a promotion, not those of our codes; whatever was used is taken to be
 * ours, as it is where a promotion is for rewards only.
 */
function openCodes(
  { currentUses }: PromotionFacts,
  { madeCount }: PromotionUse,
  { maxUses: usesOfACode }: RewardSettings,
): number {
  return Math.max(0, madeCount - Math.floor(currentUses / usesOfACode));
}

/** Who leads to a promotion, by the settings or by what rewards did. */
function suppliersOf(promotionId: number, use: PromotionUse, { suppliers }: RewardSettings): string[] {
  const set = suppliers.filter((one) => one.promotionId === promotionId).map((one) => one.supplierId);
  return [...new Set([...set, ...use.supplierIds])].sort();
}
