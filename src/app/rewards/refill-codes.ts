import { promotionProblem } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { effectiveSettingsOfStore } from '../settings/settings.js';
import { storeClient } from '../stores/stores.js';
import { makeBatch, type Pool, promotionsWithBatches, takeInBatches } from './code-batches.js';
import { promotionFacts } from './promotion-facts.js';
import { readyTarget, readyWindowStart } from './ready-target.js';

/** BigCommerce's limit of one call. */
const MAX_BATCH = 250;

/** How long it takes until codes are looked for again whose answer was lost. */
const LOOK_AGAIN_MS = 60_000;

/** When a promotion has its next turn: at once, since codes are missing; later, since some may still come; not before somebody says so. */
type NextTurn = 'now' | 'later' | 'none';

/**
 * Makes coupon codes of a store so that some are ready, as its settings ask for: a batch of each promotion, and the rest in further turns. The
 * codes of a batch whose answer was lost are found again, and none is made in their place before that is sure.
 *
 * A promotion that is no bulk promotion or whose codes are of no use is left out; the Rewards page says so. One that fails is in no other's
 * way.
 *
 * @throws {BigCommerceError} Any of its codes, of the first promotion that failed. The log tells of each.
 * @throws {AppError} `STORE_NOT_INSTALLED`, `SECRET_UNREADABLE`
 */
export async function refillCodes(deps: AppDeps, storeHash: string): Promise<void> {
  const { db, log, now, queue } = deps;
  const pools = await poolsOf(db, storeHash);
  const promotionIds = new Set([...(await promotionsWithBatches(db, storeHash)), ...pools.keys()]);
  if (promotionIds.size === 0) return;
  const client = await storeClient(deps, storeHash);
  const failures: unknown[] = [];
  const turns = new Set<NextTurn>();
  for (const promotionId of promotionIds) {
    try {
      turns.add(await refillPromotion(deps, client, promotionId, pools.get(promotionId)));
    } catch (error) {
      const { code } = failureOf(error);
      log.warn({ storeHash, promotionId, code }, 'coupon codes could not be kept ready');
      failures.push(error);
    }
  }
  if (turns.has('now')) await queue.wake('refill-codes', storeHash);
  else if (turns.has('later')) {
    await queue.wake('refill-codes', storeHash, { runAt: new Date(now().getTime() + LOOK_AGAIN_MS) });
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * What is to be kept ready, by the settings of those storefronts that have some of their own and are on. Storefronts share what is ready; of a
 * promotion, the one that wants most counts.
 */
async function poolsOf(db: Database, storeHash: string): Promise<Map<number, Pool>> {
  const rows = await db
    .selectFrom('reward_settings')
    .select(['channel_id', 'settings'])
    .where('store_hash', '=', storeHash)
    .orderBy('channel_id')
    .execute();
  const effective = await effectiveSettingsOfStore(db, storeHash);
  const pools = new Map<number, Pool>();
  for (const { channel_id: channelId, settings } of rows) {
    const { channelId: owner, isSaved, settings: ofStorefront } = effective(channelId);
    const isOn = settings.isEnabled && owner === channelId && isSaved && ofStorefront.isEnabled;
    for (const promotionId of isOn ? settings.readyPromotionIds : []) {
      const isMost = settings.minReady > (pools.get(promotionId)?.settings.minReady ?? 0);
      if (isMost) pools.set(promotionId, { channelId, promotionId, settings });
    }
  }
  return pools;
}

async function refillPromotion(
  deps: AppDeps,
  client: BigCommerceClient,
  promotionId: number,
  pool: Pool | undefined,
): Promise<NextTurn> {
  if (!(await takeInBatches(deps, client, promotionId))) return 'later';
  if (!pool) return 'none';
  const { ready, given } = await countCodes(deps, client.storeHash, promotionId);
  const missing = readyTarget(pool.settings.minReady, given) - ready;
  if (missing <= 0) return 'none';
  const promotion = await client.promotion(promotionId);
  const facts = promotion && promotionFacts(promotion);
  if (promotionProblem(facts, deps.now()) || facts?.couponType !== 'bulk') return 'none';
  const made = await makeBatch(deps, client, pool, Math.min(missing, MAX_BATCH));
  // Fewer than were asked for: as many as there can be, at the moment.
  return made === MAX_BATCH && missing > made ? 'now' : 'none';
}

async function countCodes(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  promotionId: number,
): Promise<{ readonly ready: number; readonly given: number }> {
  const [ready, given] = await Promise.all([
    db
      .selectFrom('coupon_code')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('store_hash', '=', storeHash)
      .where('promotion_id', '=', promotionId)
      .where('reward_id', 'is', null)
      .where('state', '=', 'made')
      .executeTakeFirstOrThrow(),
    db
      .selectFrom('coupon_code')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('store_hash', '=', storeHash)
      .where('promotion_id', '=', promotionId)
      .where('given_at', '>', readyWindowStart(now()))
      .executeTakeFirstOrThrow(),
  ]);
  return { ready: ready.count, given: given.count };
}
