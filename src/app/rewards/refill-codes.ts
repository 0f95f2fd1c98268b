import { promotionProblem } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { effectiveSettingsOfStore } from '../settings/settings.js';
import { storeClient } from '../stores/stores.js';
import { makeBatch, type Pool, promotionsWithBatches, takeInBatches } from './code-batches.js';
import { giveUpOnOtherTerms } from './give-up-codes.js';
import { promotionFacts } from './promotion-facts.js';
import { isEnoughReady, readyTarget, readyWindowStart } from './ready-target.js';

/** BigCommerce's limit of one call. */
const MAX_BATCH = 250;

/** How long it takes until codes are looked for again whose answer was lost. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Makes coupon codes of a store so that some are ready, as its settings ask for: of each promotion that runs low, as many as it is to have. The codes of
 * a batch whose answer was lost are found again, and none is made in their place before that is sure. What is on terms that nobody wants by now is
 * given up, also where it was asked for before that.
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
  const promotionIds = new Set([
    ...(await promotionsWithBatches(db, storeHash)),
    ...pools.map(({ promotionId }) => promotionId),
  ]);
  if (promotionIds.size === 0) return;
  const client = await storeClient(deps, storeHash);
  const failures: unknown[] = [];
  let mayMoreCome = false;
  for (const promotionId of promotionIds) {
    try {
      if (await takeInBatches(deps, client, promotionId)) {
        for (const pool of pools.filter((one) => one.promotionId === promotionId)) {
          await fill(deps, client, pool);
        }
      } else mayMoreCome = true;
    } catch (error) {
      const { code } = failureOf(error);
      log.warn({ storeHash, promotionId, code }, 'coupon codes could not be kept ready');
      failures.push(error);
    }
  }
  // Settings may have been saved since codes were asked for.
  if ((await giveUpOnOtherTerms(deps, db, storeHash)) > 0) await queue.wake('fulfill-rewards', storeHash);
  if (mayMoreCome) {
    await queue.wake('refill-codes', storeHash, { runAt: new Date(now().getTime() + LOOK_AGAIN_MS) });
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * What is to be kept ready, by the settings of those storefronts that have some of their own and are on. Storefronts share what is ready on the same
 * terms; of a promotion, the one that wants most counts.
 */
async function poolsOf(db: Database, storeHash: string): Promise<Pool[]> {
  const rows = await db
    .selectFrom('reward_settings')
    .select(['channel_id', 'settings'])
    .where('store_hash', '=', storeHash)
    .orderBy('channel_id')
    .execute();
  const effective = await effectiveSettingsOfStore(db, storeHash);
  const pools = new Map<string, Pool>();
  for (const { channel_id: channelId, settings } of rows) {
    const { channelId: owner, isSaved, settings: ofStorefront } = effective(channelId);
    const isOn = settings.isEnabled && owner === channelId && isSaved && ofStorefront.isEnabled;
    for (const promotionId of isOn ? settings.readyPromotionIds : []) {
      const name = [promotionId, settings.maxUses, settings.maxUsesPerCustomer].join();
      const isMost = settings.minReady > (pools.get(name)?.settings.minReady ?? 0);
      if (isMost) pools.set(name, { channelId, promotionId, settings });
    }
  }
  return [...pools.values()];
}

/** Makes what is missing, once half of it is. */
async function fill(deps: AppDeps, client: BigCommerceClient, pool: Pool): Promise<void> {
  const { ready, given } = await countCodes(deps, client.storeHash, pool);
  const target = readyTarget(pool.settings.minReady, given);
  if (isEnoughReady(ready, target)) return;
  const promotion = await client.promotion(pool.promotionId);
  const facts = promotion && promotionFacts(promotion);
  if (promotionProblem(facts, deps.now()) || facts?.couponType !== 'bulk') return;
  for (let missing = target - ready; missing > 0; ) {
    const size = Math.min(missing, MAX_BATCH);
    const made = await makeBatch(deps, client, pool, size);
    // There can be no more, at the moment.
    if (made < size) return;
    missing -= made;
  }
}

async function countCodes(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  { promotionId, settings }: Pool,
): Promise<{ readonly ready: number; readonly given: number }> {
  const [ready, given] = await Promise.all([
    db
      .selectFrom('coupon_code')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('store_hash', '=', storeHash)
      .where('promotion_id', '=', promotionId)
      .where('reward_id', 'is', null)
      .where('state', '=', 'made')
      .where('max_uses', '=', settings.maxUses)
      .where('max_uses_per_customer', '=', settings.maxUsesPerCustomer)
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
