import { sql } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { AppDeps } from '../deps.js';
import type { PromotionUse } from './promotion-views.js';
import { readyWindowStart } from './ready-target.js';

/** For how long a promotion counts as used after a reward led to it. */
const USED_DAYS = 90;

/**
 * What became of the promotions of a store that we made codes of, or that rewards led to in the last 90 days; by their ids.
 *
 * @param terms - Of the codes that count as ready.
 */
export async function promotionUses(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  terms: Pick<RewardSettings, 'maxUses' | 'maxUsesPerCustomer'>,
): Promise<Map<number, PromotionUse>> {
  const usedSince = new Date(now().getTime() - USED_DAYS * 86_400_000);
  // Each is counted by an index of its own: there may be hundreds of thousands.
  const { rows } = await sql<PromotionUse & { promotionId: number }>`
    with made as (
      select promotion_id, count(*) as count from coupon_code
      where store_hash = ${storeHash} and state = 'made'
      group by promotion_id
    ), ready as (
      select promotion_id, count(*) as count from coupon_code
      where store_hash = ${storeHash} and state = 'made' and reward_id is null
        and max_uses = ${terms.maxUses} and max_uses_per_customer = ${terms.maxUsesPerCustomer}
      group by promotion_id
    ), given as (
      select promotion_id, count(*) as count from coupon_code
      where store_hash = ${storeHash} and given_at > ${readyWindowStart(now())}
      group by promotion_id
    ), led as (
      select promotion_id, array_agg(supplier_id) as supplier_ids
      from (
        select distinct promotion_id, supplier_id from reward
        where store_hash = ${storeHash} and created_at > ${usedSince}
          and promotion_id is not null and supplier_id is not null
      ) as pairs
      group by promotion_id
    )
    select promotion_id as "promotionId", coalesce(made.count, 0) as "madeCount",
      coalesce(ready.count, 0) as "readyCount", coalesce(given.count, 0) as "givenCount",
      coalesce(supplier_ids, '{}') as "supplierIds"
    from made full join ready using (promotion_id) full join given using (promotion_id)
      full join led using (promotion_id)`.execute(db);
  return new Map(rows.map(({ promotionId, ...use }) => [promotionId, use]));
}
