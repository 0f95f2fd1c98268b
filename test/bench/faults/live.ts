import { setTimeout as pause } from 'node:timers/promises';
import {
  archiveOrder,
  changeOrder,
  deleteOrder,
  type OrderRecord,
  placeOrder,
  refundedAmount,
  refundOrder,
  setOrderStatus,
} from '../../../examples/sandbox/bigcommerce/orders.js';
import type { StoreContent } from '../../../examples/sandbox/bigcommerce/store-content.js';
import type { Step } from './lives.js';
import type { LivedOrder } from './model.js';
import type { PlannedOrder } from './plan.js';

/** How long before the app was installed an old order was placed. */
const OLD_MS = 30 * 86_400_000;

/**
 * Has an order live its life, and keeps each state that it was in. Settles when all has happened, or when `signal` says that it is enough.
 *
 * @param lived - Gets the states.
 * @param isKnown - Settles when the app has found what the order's states so far mean.
 */
export async function live(
  content: StoreContent,
  planned: PlannedOrder,
  lived: LivedOrder,
  isKnown: (lived: LivedOrder) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await pause(planned.placedAfterMs, undefined, { signal });
  for (const [index, step] of planned.life.steps.entries()) {
    if (index > 0) await pause(planned.pausesMs[index], undefined, { signal });
    if ('is' in step && step.is === 'known') {
      await isKnown(lived);
      if (signal.aborted) return;
      lived.states.splice(
        0,
        lived.states.length,
        ...lived.states.map((state) => ({ ...state, wasSeen: true })),
      );
    } else {
      const record = take(content, planned, step);
      lived.states.push({ record, wasSeen: false });
    }
  }
}

/** @returns What the order is like then; `undefined` once it is gone. */
function take(content: StoreContent, planned: PlannedOrder, step: Step): OrderRecord | undefined {
  const { id } = planned;
  if ('place' in step) {
    const { place: statusId, isOld, source } = step;
    return placeOrder(content, {
      ...planned.content,
      statusId,
      ...(isOld && { placedAt: new Date(Date.now() - OLD_MS) }),
      ...(source && { fields: { order_source: source } }),
    });
  }
  if ('status' in step) return setOrderStatus(content, id, step.status);
  if ('refund' in step) {
    const order = content.orders.get(id);
    if (!order) throw new Error(`There is no order ${id}.`);
    const left = Number(order.fields.total_inc_tax) - refundedAmount(order);
    // All that is left, to the last bit of it; of a part, no more than there is.
    refundOrder(
      content,
      id,
      step.refund === 1 ? left : roundedDown(left * step.refund, planned.store.currency.digits),
    );
    return content.orders.get(id);
  }
  if (step.is === 'archived') return archiveOrder(content, id);
  if (step.is === 'touched') return changeOrder(content, id, { staff_notes: 'Somebody wrote something.' });
  deleteOrder(content, id);
  return undefined;
}

const roundedDown = (amount: number, digits: number): number =>
  Math.floor(amount * 10 ** digits) / 10 ** digits;
