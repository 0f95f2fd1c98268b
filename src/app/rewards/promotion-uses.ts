import { sql } from 'kysely';
import type { AppDeps } from '../deps.js';
import type { PromotionUse } from './promotion-views.js';
import { readyWindowStart } from './ready-target.js';

/** For how long a promotion counts as used after a reward led to it. */
const USED_DAYS = 90;

/** What became of the promotions of a store that we made codes of, or that rewards led to in the last 90 days; by their ids. */
export async function promotionUses(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
): Promise<Map<number, PromotionUse>> {
  const usedSince = new Date(now().getTime() - USED_DAYS * 86_400_000);
  const { rows } = await sql<PromotionUse & { promotionId: number }>`
    with codes as (
      select promotion_id,
        count(*) filter (where state = 'made') as made,
        count(*) filter (where state = 'made' and reward_id is null) as ready,
        count(*) filter (where given_at > ${readyWindowStart(now())}) as given
      from coupon_code where store_hash = ${storeHash}
      group by promotion_id
    ), rewards as (
      select promotion_id, array_agg(distinct supplier_id) as supplier_ids
      from reward
      where store_hash = ${storeHash} and created_at > ${usedSince}
        and promotion_id is not null and supplier_id is not null
      group by promotion_id
    )
    select promotion_id as "promotionId", coalesce(made, 0) as "madeCount", coalesce(ready, 0) as "readyCount",
      coalesce(given, 0) as "givenCount", coalesce(supplier_ids, '{}') as "supplierIds"
    from codes full join rewards using (promotion_id)`.execute(db);
  return new Map(rows.map(({ promotionId, ...use }) => [promotionId, use]));
}
