import {
  type PromotionFacts,
  type PromotionProblem,
  promotionProblem,
  type RewardSettings,
} from '../../catalog/rewards.js';
import type { CodeTestAnswer } from '../../catalog/rewards-api.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import { AppError } from '../app-error.js';
import type { AppDeps, Database } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { requireChannel } from '../stores/require-channel.js';
import { storeClient } from '../stores/stores.js';
import { askForCode, type MadeCode } from './ask-for-code.js';
import { drawCode, drawMarker } from './draw-code.js';
import { promotionFacts } from './promotion-facts.js';
import { promotionSentence } from './promotion-sentence.js';
import { checkTime, codesTaken, MAX_DRAWS, type RewardCode } from './reward-code.js';
import { rewardSettingsOf } from './reward-settings.js';

/** A merchant waits for it. */
const CALL_TIMEOUT_MS = 15_000;

type CodeRow = Pick<RewardCode, 'id' | 'code' | 'marker'>;

/**
 * Makes a code of a promotion just as a reward would, and deletes it again. For as long as it may exist a row tells of it, as of a code that nobody
 * wants any more: whatever can't be deleted now, or was made though its answer was lost, is deleted some minutes later.
 *
 * @param channelId - The storefront whose settings say how codes are.
 * @throws {AppError} 404 `CHANNEL_UNKNOWN` or `STORE_NOT_INSTALLED`, 409 `COUPON_CODES_TAKEN`, 422 `PROMOTION_UNUSABLE`,
 *   502 `COUPON_CODE_MISSING`, `SECRET_UNREADABLE`
 * @throws {BigCommerceError} Any of its codes.
 */
export async function testCode(
  deps: AppDeps,
  storeHash: string,
  channelId: number,
  promotionId: number,
): Promise<CodeTestAnswer> {
  const { db, now } = deps;
  await requireChannel(db, storeHash, channelId);
  const settings = await rewardSettingsOf(db, storeHash, channelId);
  const client = await storeClient(deps, storeHash, { totalTimeoutMs: CALL_TIMEOUT_MS });
  const found = await client.promotion(promotionId);
  const promotion = found && promotionFacts(found);
  const problem = promotionProblem(promotion, now());
  if (!promotion || problem) throw unusable(promotionId, problem ?? 'gone');

  for (let draw = 1; draw <= MAX_DRAWS; draw += 1) {
    const row = await remember(deps, storeHash, channelId, promotion, settings);
    const made = await askForCode(client, promotionId, row, settings).catch(async (error: unknown) => {
      const isNotThere = error instanceof BigCommerceError && !error.isOutcomeUnknown;
      if (isNotThere) await forget(db, row);
      throw error;
    });
    if (made !== 'taken') {
      await remove(deps, client, promotionId, row, made);
      return { code: made.code };
    }
    // It is somebody else's.
    await forget(db, row);
  }
  throw codesTaken(promotionId);
}

const unusable = (promotionId: number, problem: PromotionProblem): AppError =>
  new AppError(
    'PROMOTION_UNUSABLE',
    `${promotionSentence(promotionId, problem)}. Mend it in the control panel, or choose another one.`,
    422,
  );

/** A code that can't be deleted now is left to be deleted later. */
async function remove(
  { db, log }: AppDeps,
  client: BigCommerceClient,
  promotionId: number,
  row: CodeRow,
  made: MadeCode,
): Promise<void> {
  try {
    const id = made.bigcommerceId ?? (await client.promotionCode(promotionId, made.code))?.id;
    if (id === undefined) return;
    await client.deletePromotionCode(promotionId, id);
    await forget(db, row);
  } catch (error) {
    const { storeHash } = client;
    const { code } = failureOf(error);
    log.warn(
      { storeHash, promotionId, code },
      'the coupon code of a test could not be deleted, and is later',
    );
  }
}

/** Before BigCommerce is asked. */
function remember(
  deps: AppDeps,
  storeHash: string,
  channelId: number,
  { promotionId, couponType }: PromotionFacts,
  { code }: RewardSettings,
): Promise<CodeRow> {
  const { db: database, now, queue } = deps;
  const marker = couponType === 'single' ? drawCode(code) : drawMarker(code);
  const checkAt = checkTime(deps);
  return database.transaction().execute(async (db) => {
    const row = await db
      .insertInto('coupon_code')
      .values({
        store_hash: storeHash,
        channel_id: channelId,
        promotion_id: promotionId,
        code: couponType === 'single' ? marker : null,
        marker,
        state: 'deleted',
        reward_id: null,
        created_at: now(),
        asked_count: 1,
        check_at: checkAt,
        deleted_at: now(),
      })
      .returning(['id', 'code', 'marker'])
      .executeTakeFirstOrThrow();
    await queue.wake('fulfill-rewards', storeHash, { db, runAt: checkAt, keepsRunAt: true });
    return row;
  });
}

async function forget(db: Database, { id }: CodeRow): Promise<void> {
  await db.deleteFrom('coupon_code').where('id', '=', id).execute();
}
