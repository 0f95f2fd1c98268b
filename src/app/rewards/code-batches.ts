import type { Selectable } from 'kysely';
import type { RewardSettings } from '../../catalog/rewards.js';
import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import type { CodeBatchTable } from '../database/tables.js';
import type { AppDeps, Database } from '../deps.js';
import { codegenFields, drawMarker } from './draw-code.js';

type Batch = Selectable<CodeBatchTable>;

/** A promotion of which codes are to be kept ready, and how storefronts want them: the terms of all that share it are these. */
export interface Pool {
  readonly channelId: number;
  readonly promotionId: number;
  readonly settings: RewardSettings;
}

/**
 * Has BigCommerce draw codes of a bulk promotion, which are ready when it settles. That they are asked for is on disk before they are, so that none
 * is lost with its answer, unless BigCommerce makes it later than `timing.batchGiveUpMs`: nobody looks for it then. BigCommerce is asked once for each
 * batch.
 *
 * @param size - From 1 to 250.
 * @returns How many there are now.
 * @throws {BigCommerceError} Any of its codes. Where codes may have been made, {@link takeInBatches} finds them.
 */
export async function makeBatch(
  { db, now }: Pick<AppDeps, 'db' | 'now'>,
  client: BigCommerceClient,
  { channelId, promotionId, settings }: Pool,
  size: number,
): Promise<number> {
  const batch = await db
    .insertInto('code_batch')
    .values({
      store_hash: client.storeHash,
      channel_id: channelId,
      promotion_id: promotionId,
      marker: drawMarker(settings.code),
      size,
      max_uses: settings.maxUses,
      max_uses_per_customer: settings.maxUsesPerCustomer,
      created_at: now(),
      asked_count: 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  try {
    const codes = await client.generatePromotionCodes(
      promotionId,
      codegenFields(settings, batch.marker, size),
    );
    await db.transaction().execute(async (transaction) => {
      await addReady(transaction, batch, codes, now());
      await forget(transaction, batch);
    });
    return codes.length;
  } catch (error) {
    if (error instanceof BigCommerceError && !error.isOutcomeUnknown) await forget(db, batch);
    throw error;
  }
}

/**
 * Finds the codes of those batches of a promotion whose answer was lost; they are ready when it settles.
 *
 * @returns Whether all of them are known. Otherwise some may still come: to be called again in a while.
 * @throws {BigCommerceError} Any of its codes.
 */
export async function takeInBatches(
  { db, now, timing }: Pick<AppDeps, 'db' | 'now' | 'timing'>,
  client: BigCommerceClient,
  promotionId: number,
): Promise<boolean> {
  const batches = await db
    .selectFrom('code_batch')
    .selectAll()
    .where('store_hash', '=', client.storeHash)
    .where('promotion_id', '=', promotionId)
    .execute();
  if (batches.length === 0) return true;
  const lookedAt = now();
  const markers = batches.map(({ marker }) => marker);
  const found = (await client.promotionCodesWith(promotionId, markers)).map(({ code }) => code);
  let areAllKnown = true;
  for (const batch of batches) {
    const codes = found.filter((code) => code.startsWith(batch.marker));
    const isKnown =
      codes.length >= batch.size || lookedAt.getTime() - batch.created_at.getTime() >= timing.batchGiveUpMs;
    await db.transaction().execute(async (transaction) => {
      await addReady(transaction, batch, codes, now());
      if (isKnown) await forget(transaction, batch);
    });
    areAllKnown &&= isKnown;
  }
  return areAllKnown;
}

/** The promotions of a store with batches whose answer was lost. */
export async function promotionsWithBatches(db: Database, storeHash: string): Promise<number[]> {
  const rows = await db
    .selectFrom('code_batch')
    .select('promotion_id')
    .distinct()
    .where('store_hash', '=', storeHash)
    .execute();
  return rows.map(({ promotion_id: promotionId }) => promotionId);
}

/** One that is known already stays what it is: it may be a reward's by now. */
async function addReady(db: Database, batch: Batch, codes: readonly string[], madeAt: Date): Promise<void> {
  if (codes.length === 0) return;
  await db
    .insertInto('coupon_code')
    .values(
      codes.map((code) => ({
        store_hash: batch.store_hash,
        channel_id: batch.channel_id,
        promotion_id: batch.promotion_id,
        code,
        marker: code,
        state: 'made' as const,
        reward_id: null,
        bigcommerce_id: null,
        created_at: batch.created_at,
        asked_count: batch.asked_count,
        max_uses: batch.max_uses,
        max_uses_per_customer: batch.max_uses_per_customer,
        check_at: null,
        made_at: madeAt,
        given_at: null,
        deleted_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['store_hash', 'code']).where('code', 'is not', null).doNothing(),
    )
    .execute();
}

async function forget(db: Database, { id }: Batch): Promise<void> {
  await db.deleteFrom('code_batch').where('id', '=', id).execute();
}
