import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { findCodes, isUnused } from './find-codes.js';
import { checkTime, type RewardCode } from './reward-code.js';

/** How many are checked in a turn: each reads through the codes of a promotion. */
const CHECKED = 10;

/**
 * Looks for codes that came to be without anybody's hearing of it, after a request whose answer was lost, and deletes them: no reward has them. Settles
 * when those whose time has come are through, or BigCommerce fails; the rest is checked some minutes later.
 */
export async function checkCodes(
  deps: Pick<AppDeps, 'db' | 'log' | 'now' | 'timing'>,
  client: BigCommerceClient,
): Promise<void> {
  const { db, log } = deps;
  const { storeHash } = client;
  const again = checkTime(deps);
  for (const row of await claimChecks(deps, storeHash, again)) {
    try {
      // What its reward still waits for is not superfluous yet.
      if (row.state === 'asked') continue;
      await deleteSuperfluous(client, row);
      await db
        .updateTable('coupon_code')
        .set({ check_at: null })
        .where('id', '=', row.id)
        .where('check_at', '=', again)
        .execute();
    } catch (error) {
      log.warn({ storeHash, code: failureOf(error).code }, 'codes could not be checked for now');
      return;
    }
  }
}

/** When the next code of a store is to be checked; `undefined` when none is. */
export async function nextCheckAt(db: Database, storeHash: string): Promise<Date | undefined> {
  const next = await db
    .selectFrom('coupon_code')
    .select('check_at')
    .where('store_hash', '=', storeHash)
    .where('check_at', 'is not', null)
    .orderBy('check_at')
    .limit(1)
    .executeTakeFirst();
  return next?.check_at ?? undefined;
}

/** Whatever becomes of the check, it is due again after that. */
const claimChecks = (
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  again: Date,
): Promise<RewardCode[]> =>
  db
    .updateTable('coupon_code')
    .set({ check_at: again })
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('coupon_code')
        .select('id')
        .where('store_hash', '=', storeHash)
        .where('check_at', '<=', now())
        .orderBy('check_at')
        .limit(CHECKED)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();

/** Of a code that is there, the others with its marker; of one that is not, all. */
async function deleteSuperfluous(client: BigCommerceClient, row: RewardCode): Promise<void> {
  const { promotion_id: promotionId, marker, state } = row;
  const isDrawnByUs = row.code === marker;
  const kept = state === 'made' ? row.code : undefined;
  const found = await findCodes(client, {
    promotion_id: promotionId,
    marker,
    code: isDrawnByUs ? marker : null,
  });
  for (const one of found) {
    if (one.code !== kept && isUnused(one)) await client.deletePromotionCode(promotionId, one.id);
  }
}
