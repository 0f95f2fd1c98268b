import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import type { PromotionCode } from '../../store/promotion-types.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { findCodes, isUnused } from './find-codes.js';
import { checkTime, type RewardCode } from './reward-code.js';
import { troubleOf } from './reward-trouble.js';

/** How many of a promotion are checked at once. */
const CHECKED = 2_000;

/** Up to so many are looked for one by one, where each is known: others by reading through the codes of the promotion. */
const LOOKED_UP = 10;

/** For how long promotion after promotion is begun with: rewards that become due meanwhile wait for it. */
const CHECKING_MS = 20_000;

type CheckDeps = Pick<AppDeps, 'db' | 'log' | 'now' | 'timing'>;

/**
 * Looks for codes that came to be without anybody's hearing of it, after a request whose answer was lost, and for those that were given up, and deletes
 * them: no reward has them. Settles when those whose time has come are through, or 20 seconds are over, or BigCommerce takes no calls. What it could not
 * check is checked some minutes later.
 */
export async function checkCodes(deps: CheckDeps, client: BigCommerceClient): Promise<void> {
  const { db, log, now } = deps;
  const { storeHash } = client;
  const startedAt = now().getTime();
  while (now().getTime() - startedAt < CHECKING_MS) {
    const again = checkTime(deps);
    const rows = await claimChecks(deps, storeHash, again);
    const [first] = rows;
    if (!first) return;
    // What its reward still waits for is not superfluous yet.
    const settled = rows.filter(({ state }) => state !== 'asked');
    try {
      await deleteSuperfluous(client, first.promotion_id, settled);
      await noteChecked(db, settled, again);
    } catch (error) {
      log.warn({ storeHash, code: failureOf(error).code }, 'codes could not be checked for now');
      if (troubleOf(error, deps).kind === 'reward') continue;
      await dueChecks(deps, storeHash, again).execute();
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

const dueChecks = ({ db, now }: Pick<AppDeps, 'db' | 'now'>, storeHash: string, again: Date) =>
  db
    .updateTable('coupon_code')
    .set({ check_at: again })
    .where('store_hash', '=', storeHash)
    .where('check_at', '<=', now());

/** Those of the promotion whose turn it is. Whatever becomes of the check, they are due again after that. */
const claimChecks = (
  deps: Pick<AppDeps, 'db' | 'now'>,
  storeHash: string,
  again: Date,
): Promise<RewardCode[]> =>
  dueChecks(deps, storeHash, again)
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('coupon_code')
        .select('id')
        .where('store_hash', '=', storeHash)
        .where('check_at', '<=', deps.now())
        .where('promotion_id', '=', ({ selectFrom: selectFirst }) =>
          selectFirst('coupon_code')
            .select('promotion_id')
            .where('store_hash', '=', storeHash)
            .where('check_at', '<=', deps.now())
            .orderBy('check_at')
            .limit(1),
        )
        .orderBy('check_at')
        .limit(CHECKED)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();

async function noteChecked(db: Database, rows: readonly RewardCode[], again: Date): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await db
    .updateTable('coupon_code')
    .set({ check_at: null })
    .where('id', 'in', ids)
    .where('check_at', '=', again)
    .execute();
}

/** Of codes that are there, the others with their markers; of those that are not, all. */
async function deleteSuperfluous(
  client: BigCommerceClient,
  promotionId: number,
  rows: readonly RewardCode[],
): Promise<void> {
  const kept = new Set(rows.filter(({ state }) => state === 'made').map(({ code }) => code));
  const found = await findAll(client, promotionId, rows);
  const superfluous = found.filter((one) => !kept.has(one.code) && isUnused(one));
  await client.deletePromotionCodes(
    promotionId,
    superfluous.map(({ id }) => id),
  );
}

async function findAll(
  client: BigCommerceClient,
  promotionId: number,
  rows: readonly RewardCode[],
): Promise<PromotionCode[]> {
  if (rows.length > LOOKED_UP || !rows.every(isKnown)) {
    const markers = rows.map(({ marker }) => marker);
    const found = await client.promotionCodesWith(promotionId, markers);
    const known = new Set(rows.filter(isKnown).map(({ marker }) => marker));
    const drawn = rows.filter((row) => !isKnown(row));
    return found.filter(({ code }) => known.has(code) || drawn.some(({ marker }) => code.startsWith(marker)));
  }
  const found: PromotionCode[] = [];
  for (const row of rows) found.push(...(await findCodes(client, row)));
  return found;
}

/** Whether it is its marker, and not one of those that BigCommerce drew behind it. */
const isKnown = ({ code, marker }: RewardCode): boolean => code === marker;
