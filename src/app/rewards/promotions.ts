import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import type { AppDeps } from '../deps.js';
import { storeClient } from '../stores/stores.js';
import { promotionFacts } from './promotion-facts.js';
import { promotionUses } from './promotion-uses.js';
import { missingPromotions, promotionViews } from './promotion-views.js';
import { rewardSettingsOf } from './reward-settings.js';

/** A merchant waits for it. */
const LIST_TIMEOUT_MS = 20_000;

/**
 * The promotions of a store as they are in BigCommerce at this moment, with what a merchant should know of them.
 *
 * @param channelId - The storefront that warnings are about.
 * @throws {BigCommerceError} Any of its codes.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function promotionsOf(
  deps: AppDeps,
  storeHash: string,
  channelId: number,
): Promise<PromotionsAnswer> {
  const { db, now } = deps;
  const client = await storeClient(deps, storeHash, { totalTimeoutMs: LIST_TIMEOUT_MS });
  const promotions = (await client.promotions()).map(promotionFacts);
  const settings = await rewardSettingsOf(db, storeHash, channelId);
  const uses = await promotionUses(deps, storeHash, settings);
  return {
    promotions: promotionViews(promotions, uses, { channelId, settings, now: now() }),
    missing: missingPromotions(promotions, uses, settings),
  };
}
