import { sql } from 'kysely';
import type { AppDeps, Database } from '../deps.js';

/*
 * No reward gets a code that is given up. Those who look for codes that nobody wants delete it from the store.
 */

/**
 * Gives up those codes kept ready that may be used more or less often than is wanted by now, which can't be changed of a code: all that are on other
 * terms than those of the storefront that had them made, and of others that keep codes of the promotion ready.
 *
 * @returns How many.
 */
export async function giveUpOnOtherTerms(
  deps: Pick<AppDeps, 'now'>,
  db: Database,
  storeHash: string,
): Promise<number> {
  const { numUpdatedRows } = await giveUp(deps, db, storeHash)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('reward_settings as wanted')
            .select('wanted.channel_id')
            .whereRef('wanted.store_hash', '=', 'coupon_code.store_hash')
            .where(sql<boolean>`(wanted.settings -> 'maxUses')::int = coupon_code.max_uses`)
            .where(
              sql<boolean>`(wanted.settings -> 'maxUsesPerCustomer')::int = coupon_code.max_uses_per_customer`,
            )
            .where(
              sql<boolean>`(wanted.channel_id = coupon_code.channel_id
                or wanted.settings -> 'readyPromotionIds' @> to_jsonb(coupon_code.promotion_id))`,
            ),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Gives up all codes that are kept ready. */
export async function giveUpReady(
  deps: Pick<AppDeps, 'now'>,
  db: Database,
  storeHash: string,
): Promise<void> {
  await giveUp(deps, db, storeHash).execute();
}

const giveUp = ({ now }: Pick<AppDeps, 'now'>, db: Database, storeHash: string) =>
  db
    .updateTable('coupon_code')
    .set({ state: 'deleted', deleted_at: now(), check_at: now() })
    .where('store_hash', '=', storeHash)
    .where('reward_id', 'is', null)
    .where('state', '=', 'made');
