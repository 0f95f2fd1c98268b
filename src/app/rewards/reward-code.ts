import type { Selectable } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { AppError } from '../app-error.js';
import type { CouponCodeTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import { type ClaimedReward, TakenOverError, whileOurs } from './claim-reward.js';
import { drawCode, drawMarker } from './draw-code.js';

/*
 * The rows of table `coupon_code` that belong to a reward. Each step is on the disk before BigCommerce is asked for it, and is taken by one process
 * only, whatever others do at the same time.
 */

/** A code, from before BigCommerce is asked for it. */
export type RewardCode = Selectable<CouponCodeTable>;

/** Which promotion codes are made of, and whether BigCommerce draws them. */
export interface CodeSource {
  readonly promotionId: number;
  readonly couponType: 'single' | 'bulk';
}

/** How many codes in a row are of no use, being taken or gone, before something else must be wrong. */
export const MAX_DRAWS = 5;

/** One that merchants may have deleted since it was made: until then it is taken to be there. */
const MAY_BE_GONE_MS = 86_400_000;

/** When BigCommerce has carried out all that it was asked for until now. */
export const checkTime = ({ now, timing }: Pick<AppDeps, 'now' | 'timing'>): Date =>
  new Date(now().getTime() + timing.codeCheckMs);

/** The code of a reward, made or not; `undefined`: it has none, or none any more. */
export function codeOf(
  db: Database,
  { store_hash: storeHash, reward_id: rewardId }: ClaimedReward,
): Promise<RewardCode | undefined> {
  return db
    .selectFrom('coupon_code')
    .selectAll()
    .where('store_hash', '=', storeHash)
    .where('reward_id', '=', rewardId)
    .where('state', '<>', 'deleted')
    .executeTakeFirst();
}

/**
 * The code of a reward: the one that it has or else, from now on, one that is kept ready on the terms of the settings, and where none is, one that is
 * still to be made. One that was made long ago is looked for, since a merchant may have deleted it, and another one is taken in its place.
 *
 * @param own - What the reward has.
 * @throws {TakenOverError}
 * @throws {BigCommerceError} Any of its codes. What was taken is the reward's all the same.
 */
export async function takeCode(
  deps: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  client: BigCommerceClient,
  reward: ClaimedReward,
  own: RewardCode | undefined,
  source: CodeSource,
  settings: RewardSettings,
): Promise<RewardCode> {
  let code = own;
  for (let gone = 0; gone < MAX_DRAWS; gone += 1) {
    code ??= await readyOrDrawn(deps, reward, source, settings);
    if (!(await isGone(deps, client, code))) return code;
    await noteDeleted(deps, deps.db, reward, code, null);
    code = undefined;
  }
  return whileOurs(deps.db, reward, (db) => drawRow(deps, db, reward, source, settings));
}

async function isGone(
  { now }: Pick<AppDeps, 'now'>,
  client: BigCommerceClient,
  { promotion_id: promotionId, code, made_at: madeAt }: RewardCode,
): Promise<boolean> {
  if (code === null || madeAt === null || now().getTime() - madeAt.getTime() < MAY_BE_GONE_MS) return false;
  return (await client.promotionCode(promotionId, code)) === undefined;
}

function readyOrDrawn(
  deps: Pick<AppDeps, 'db' | 'now' | 'queue'>,
  reward: ClaimedReward,
  source: CodeSource,
  settings: RewardSettings,
): Promise<RewardCode> {
  return whileOurs(deps.db, reward, async (db) => {
    const ready = await takeReady(deps, db, reward, source, settings);
    if (!ready) return drawRow(deps, db, reward, source, settings);
    await deps.queue.wake('refill-codes', reward.store_hash, { db });
    return ready;
  });
}

const takeReady = (
  { now }: Pick<AppDeps, 'now'>,
  db: Database,
  { store_hash: storeHash, reward_id: rewardId }: ClaimedReward,
  { promotionId }: CodeSource,
  { maxUses, maxUsesPerCustomer }: RewardSettings,
): Promise<RewardCode | undefined> =>
  db
    .updateTable('coupon_code')
    .set({ reward_id: rewardId, given_at: now() })
    .where('id', '=', ({ selectFrom }) =>
      selectFrom('coupon_code')
        .select('id')
        .where('store_hash', '=', storeHash)
        .where('promotion_id', '=', promotionId)
        .where('reward_id', 'is', null)
        .where('state', '=', 'made')
        .where('max_uses', '=', maxUses)
        .where('max_uses_per_customer', '=', maxUsesPerCustomer)
        .orderBy('made_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();

async function drawRow(
  { now }: Pick<AppDeps, 'now'>,
  db: Database,
  { store_hash: storeHash, reward_id: rewardId, channel_id: channelId }: ClaimedReward,
  { promotionId, couponType }: CodeSource,
  { code: how }: RewardSettings,
): Promise<RewardCode> {
  for (let draw = 1; draw <= MAX_DRAWS; draw += 1) {
    const marker = couponType === 'bulk' ? drawMarker(how) : drawCode(how);
    const row = await db
      .insertInto('coupon_code')
      .values({
        store_hash: storeHash,
        channel_id: channelId,
        promotion_id: promotionId,
        code: couponType === 'bulk' ? null : marker,
        marker,
        state: 'asked',
        reward_id: rewardId,
        created_at: now(),
      })
      // Of codes that were drawn once, none is drawn again.
      .onConflict((conflict) =>
        conflict.columns(['store_hash', 'code']).where('code', 'is not', null).doNothing(),
      )
      .returningAll()
      .executeTakeFirst();
    if (row) return row;
  }
  throw codesTaken(promotionId);
}

/** Says that what was drawn is there already, again and again. */
export const codesTaken = (promotionId: number): AppError =>
  new AppError(
    'COUPON_CODES_TAKEN',
    `of promotion ${promotionId}, each of ${MAX_DRAWS} codes that were drawn is taken. Have longer codes drawn, on the Rewards page.`,
    409,
  );

/** Says that BigCommerce drew no code when it was asked for one. */
export const codeMissing = (promotionId: number): AppError =>
  new AppError(
    'COUPON_CODE_MISSING',
    `BigCommerce was asked to draw a code of promotion ${promotionId}, and named none. It may do so later.`,
    502,
  );

/**
 * Notes that BigCommerce is asked for a code once more, before it is. Of a code that BigCommerce draws there may be several then.
 *
 * @throws {TakenOverError}
 */
export function noteAsked(
  deps: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  reward: ClaimedReward,
  { id, code, asked_count: askedCount }: RewardCode,
): Promise<RewardCode> {
  const mayBecomeTwo = code === null && askedCount > 0;
  return whileOurs(deps.db, reward, async (db) => {
    const asked = await db
      .updateTable('coupon_code')
      .set({ asked_count: askedCount + 1, ...(mayBecomeTwo && { check_at: checkTime(deps) }) })
      .where('id', '=', id)
      .where('state', '=', 'asked')
      .where('asked_count', '=', askedCount)
      .returningAll()
      .executeTakeFirst();
    return asked ?? takenOver(reward);
  });
}

/** Notes that BigCommerce did not do what it was asked for last, unless somebody has gone on with the code since. */
export async function noteRefused(
  { db }: Pick<AppDeps, 'db'>,
  { id, asked_count: askedCount }: RewardCode,
): Promise<void> {
  await db
    .updateTable('coupon_code')
    .set({ asked_count: askedCount - 1 })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .where('asked_count', '=', askedCount)
    .execute();
}

/**
 * Notes that a code is there. From now on it is the reward's, and none other.
 *
 * @returns The code.
 * @throws {TakenOverError} It was noted before, or is not wanted any more: what is in BigCommerce besides is found later.
 */
export async function noteMade(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  reward: ClaimedReward,
  { id }: RewardCode,
  { code, bigcommerceId }: { readonly code: string; readonly bigcommerceId: number | null },
): Promise<string> {
  const made = await db
    .updateTable('coupon_code')
    .set({ state: 'made', code, bigcommerce_id: bigcommerceId, made_at: now(), given_at: now() })
    .where('id', '=', id)
    .where('state', '=', 'asked')
    .returning('id')
    .executeTakeFirst();
  return made ? code : takenOver(reward);
}

/**
 * Draws another code in place of one that somebody else has. Should it be ours after all, from an earlier request that BigCommerce does not show yet,
 * it is found later.
 *
 * @throws {TakenOverError}
 */
export function drawAgain(
  deps: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  reward: ClaimedReward,
  taken: RewardCode,
  source: CodeSource,
  settings: RewardSettings,
): Promise<RewardCode> {
  return whileOurs(deps.db, reward, async (db) => {
    await noteDeleted(deps, db, reward, taken, taken.asked_count > 1 ? checkTime(deps) : null);
    return drawRow(deps, db, reward, source, settings);
  });
}

/**
 * Notes that a code is there no more, or never came to be.
 *
 * @param checkAt - When it is looked for once more, since it may still come; `null`: it surely does not.
 * @throws {TakenOverError} Something has become of it meanwhile.
 */
export async function noteDeleted(
  { now }: Pick<AppDeps, 'now'>,
  db: Database,
  reward: ClaimedReward,
  { id, state, asked_count: askedCount }: RewardCode,
  checkAt: Date | null,
): Promise<void> {
  const deleted = await db
    .updateTable('coupon_code')
    .set({ state: 'deleted', deleted_at: now(), check_at: checkAt })
    .where('id', '=', id)
    .where('state', '=', state)
    .where('asked_count', '=', askedCount)
    .returning('id')
    .executeTakeFirst();
  if (!deleted) takenOver(reward);
}

function takenOver({ reward_id: rewardId }: ClaimedReward): never {
  throw new TakenOverError(rewardId);
}
