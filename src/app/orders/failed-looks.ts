import type { Failure } from '../../catalog/admin-api.js';
import { withJitter } from '../deliveries/jitter.js';
import type { AppDeps } from '../deps.js';
import type { DueOrder } from './look-at-order.js';

/**
 * Has an order that could not be looked at wait for its next try: double as long each time, up to the longest. One that was heard of
 * meanwhile is due again already.
 */
export async function keepFailure(
  { db, now, random, timing }: AppDeps,
  { store_hash, order_id, heard_count, failed_looks: failedLooks }: DueOrder,
  { code, message }: Failure,
): Promise<void> {
  const pauseMs = withJitter(timing.retryBaseMs * 2 ** failedLooks, random());
  await db
    .updateTable('store_order')
    .set({
      failed_looks: failedLooks + 1,
      failure_code: code,
      failure_message: message,
      due_at: new Date(now().getTime() + Math.min(pauseMs, timing.retryMaxMs)),
    })
    .where((is) => is.and({ store_hash, order_id, heard_count }))
    // Another turn may have got through.
    .where('due_at', 'is not', null)
    .execute();
}

/**
 * Has all orders of a store wait that were due at a time, since none of them could be looked at then. What has become due since, as by a new
 * token, stays so. It writes in the order of ids, as all do.
 */
export async function putOffAll(
  { db }: AppDeps,
  storeHash: string,
  { code, message }: Failure,
  { dueAt, until }: { readonly dueAt: Date; readonly until: Date },
): Promise<void> {
  await db
    .updateTable('store_order')
    .set(({ eb }) => ({
      failed_looks: eb('failed_looks', '+', 1),
      failure_code: code,
      failure_message: message,
      due_at: until,
    }))
    .where('store_hash', '=', storeHash)
    .where('order_id', 'in', ({ selectFrom }) =>
      selectFrom('store_order')
        .select('order_id')
        .where('store_hash', '=', storeHash)
        .where('due_at', '<=', dueAt)
        .orderBy('order_id')
        .forUpdate(),
    )
    .execute();
}
