import { invalid, notFound } from './answers.js';
import {
  type NewOrder,
  type OrderFields,
  type OrderRecord,
  orderDate,
  orderRecord,
  paymentStatus,
  type RefundRecord,
  statusName,
  withDates,
} from './order-record.js';
import type { StoreContent } from './store-content.js';

export type {
  NewOrder,
  OrderBuyer,
  OrderFields,
  OrderLine,
  OrderRecord,
  RefundRecord,
} from './order-record.js';

/** Something that happened to an order, as webhooks tell of it. Source: BigCommerce, "Webhook events". */
export interface OrderEvent {
  /** What follows `store/order/` in the webhook's scope. */
  readonly name: 'created' | 'updated' | 'archived' | 'statusUpdated' | 'refund/created';
  readonly orderId: number;
  readonly channelId: number;
  /** What a webhook's `data` says beside the order's id. */
  readonly details: object;
}

/** Places an order. */
export function placeOrder(content: StoreContent, said: NewOrder = {}): OrderRecord {
  const { id = content.lastOrderId + 1, placedAt = content.now(), statusId = 11 } = said;
  const fields = { custom_status: labelOf(content, statusId), ...said.fields };
  const order = orderRecord({ ...said, id, placedAt, statusId, fields });
  content.lastOrderId = Math.max(content.lastOrderId, id);
  content.orders.set(id, order);
  tell(content, order, 'created');
  return order;
}

/**
 * Changes what an order says of itself.
 *
 * @throws {ApiError} 404 when there is no such order.
 */
export function changeOrder(content: StoreContent, id: number, changes: Partial<OrderFields>): OrderRecord {
  return change(content, findOrder(content, id), { fields: changes });
}

/**
 * Gives an order another status. One that ships has a shipping date from then on.
 *
 * @throws {ApiError} 404 when there is no such order.
 */
export function setOrderStatus(content: StoreContent, id: number, statusId: number): OrderRecord {
  return change(content, findOrder(content, id), { fields: statusFields(content, id, statusId) });
}

/**
 * Gives money back. The order becomes Refunded when nothing of its total is left, and Partially Refunded otherwise.
 *
 * @throws {ApiError} 404 when there is no such order, 422 for an amount that is nothing or more than is left.
 */
export function refundOrder(content: StoreContent, id: number, amount: number): RefundRecord {
  const order = findOrder(content, id);
  const left = Number(order.fields.total_inc_tax) - refundedAmount(order);
  if (!(amount > 0) || amount > left + 0.005) throw invalid('amount', `${left.toFixed(2)} can be refunded.`);
  const isAll = amount >= left - 0.005;
  const refund: RefundRecord = {
    id: id * 100 + order.refunds.length + 1,
    order_id: id,
    user_id: 1,
    created: content.now().toISOString(),
    reason: '',
    total_amount: amount,
    total_tax: 0,
    items: [{ item_type: 'ORDER', item_id: id, requested_amount: amount, reason: '' }],
    payments: [
      {
        id: id * 100 + order.refunds.length + 1,
        provider_id: 'testgateway',
        amount,
        offline: false,
        is_declined: false,
        declined_message: '',
      },
    ],
  };
  const changed = change(content, order, {
    fields: statusFields(content, id, isAll ? 4 : 14),
    refunds: [...order.refunds, refund],
  });
  tell(content, changed, 'refund/created', { refund: { refund_id: refund.id } });
  return refund;
}

/** What was given back of an order so far. */
export function refundedAmount({ refunds }: OrderRecord): number {
  return refunds.reduce((sum, { total_amount }) => sum + total_amount, 0);
}

/**
 * Archives an order, which BigCommerce calls deleted: it is still there.
 *
 * @throws {ApiError} 404 when there is no such order.
 */
export function archiveOrder(content: StoreContent, id: number): OrderRecord {
  const order = change(content, findOrder(content, id), { fields: { is_deleted: true } });
  tell(content, order, 'archived');
  return order;
}

/** Makes an order be as if it had never been placed. BigCommerce has no webhook for that. */
export function deleteOrder(content: StoreContent, id: number): void {
  content.orders.delete(id);
}

/** @throws {ApiError} 404 when there is no such order. */
export function findOrder({ orders }: StoreContent, id: number): OrderRecord {
  const order = orders.get(id);
  if (!order) throw notFound(`Order ${id}`);
  return order;
}

/** What the merchant calls a status. */
function labelOf({ orderStatusLabels }: StoreContent, statusId: number): string {
  return orderStatusLabels.get(statusId) ?? statusName(statusId);
}

function statusFields(content: StoreContent, id: number, statusId: number): Partial<OrderFields> {
  const { date_shipped, items_total, items_shipped } = findOrder(content, id).fields;
  const isShipped = statusId === 2;
  return {
    status_id: statusId,
    status: statusName(statusId),
    custom_status: labelOf(content, statusId),
    payment_status: paymentStatus(statusId),
    date_shipped: isShipped && !date_shipped ? orderDate(content.now()) : date_shipped,
    items_shipped: isShipped ? items_total : items_shipped,
  };
}

/** Puts the changed record into the place of the former one, and tells what changed. */
function change(
  content: StoreContent,
  order: OrderRecord,
  changes: { readonly fields: Partial<OrderFields>; readonly refunds?: readonly RefundRecord[] },
): OrderRecord {
  const { refunds = order.refunds } = changes;
  const date_modified = orderDate(content.now());
  const changed = withDates({
    ...order,
    refunds,
    fields: { ...order.fields, date_modified, ...changes.fields },
  });
  content.orders.set(order.fields.id, changed);
  const previous = order.fields.status_id;
  const { status_id: current } = changed.fields;
  if (current !== previous)
    tell(content, changed, 'statusUpdated', {
      status: { previous_status_id: previous, new_status_id: current },
    });
  tell(content, changed, 'updated');
  return changed;
}

function tell(
  content: StoreContent,
  { fields }: OrderRecord,
  name: OrderEvent['name'],
  details: object = {},
): void {
  const event: OrderEvent = { name, orderId: fields.id, channelId: fields.channel_id, details };
  for (const listener of content.orderListeners) listener(event);
}
