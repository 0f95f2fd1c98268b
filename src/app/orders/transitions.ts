import type { OrderEvent, Settings } from '../../catalog/settings.js';
import type { Order, Refund } from '../../store/order-types.js';
import type { OrderOutcome } from '../database/tables.js';

/** What an order is decided by. */
export type OrderFacts = Pick<
  Order,
  'status_id' | 'is_deleted' | 'date_created' | 'date_modified' | 'date_shipped' | 'total_inc_tax'
>;

/** What there is an event of already. */
export interface ToldEvent {
  readonly kind: OrderEvent;
  /** 0 for what is no refund. */
  readonly refundId: number;
}

/** Something that became of an order, and that Extole is to know. */
export interface Transition extends ToldEvent {
  readonly occurredAt: Date;
  /** What was given back, of a refund. */
  readonly amount: string | number | null | undefined;
}

/** See {@link transitionsOf}. */
export interface Decision {
  readonly outcome: Exclude<OrderOutcome, 'gone'>;
  /** In the order in which they are told. */
  readonly transitions: readonly Transition[];
}

const REFUND_KINDS = ['partially_refunded', 'refunded'] as const;

/** What is left of a sum that was wholly given back, by the errors of adding numbers up. */
const HALF_A_CENT = 0.005;

/** Whether an order's status says that money was given back, and somebody wants to know. */
export function needsRefunds({ orderEvents }: Settings, { status_id }: Pick<Order, 'status_id'>): boolean {
  return REFUND_KINDS.some((kind) => means(orderEvents[kind], status_id));
}

/**
 * Decides what is new of an order. It asks nobody and changes nothing, so that whoever sees the same decides the same.
 *
 * "Created" comes before everything else, and without it there is nothing else: a cancellation of what Extole never counted is none of
 * its business. Where the storefront does not tell it from here, the browser may have told it, and the rest is told all the same.
 *
 * @param options.refunds - All of the order; none where {@link needsRefunds} says so.
 * @param options.told - What there are events of already.
 * @param options.settings - What counts for the order's storefront; `undefined` where nobody saved any.
 * @param options.ordersSince - Orders that were placed before are none of ours, unless they were told: the app was installed again then.
 * @param options.seenAt - When the order was seen: when it happened, where BigCommerce does not say.
 */
export function transitionsOf(options: {
  readonly order: OrderFacts;
  readonly refunds: readonly Refund[];
  readonly told: readonly ToldEvent[];
  readonly settings: Settings | undefined;
  readonly ordersSince: Date;
  readonly seenAt: Date;
}): Decision {
  const { order, refunds, told, settings, ordersSince, seenAt } = options;
  const modifiedAt = order.date_modified ?? seenAt;
  const createdAt = order.date_created ?? modifiedAt;
  if (told.length === 0 && createdAt.getTime() < wholeSecond(ordersSince))
    return { outcome: 'before-start', transitions: [] };
  if (!settings?.isEnabled) return { outcome: 'channel-off', transitions: [] };

  const { created, ...others } = settings.orderEvents;
  const isTold = (kind: OrderEvent): boolean => told.some((event) => event.kind === kind);
  const isNew = (kind: 'fulfilled' | 'canceled'): boolean =>
    means(others[kind], order.status_id) && !isTold(kind);
  const isReached =
    created.timing === 'creation'
      ? created.isEnabled && order.status_id !== INCOMPLETE
      : means(created, order.status_id);
  const isCreated = isReached && !isTold('created') && !order.is_deleted;
  const isCounted = isCreated || isTold('created') || !created.isEnabled;

  const transitions: Transition[] = [];
  const add = (kind: OrderEvent, occurredAt: Date): void => {
    transitions.push({ kind, refundId: 0, occurredAt, amount: undefined });
  };
  if (isCreated) add('created', createdAt);
  if (isCounted && isNew('fulfilled')) add('fulfilled', order.date_shipped ?? modifiedAt);
  if (isCounted && isNew('canceled')) add('canceled', modifiedAt);
  if (isCounted && needsRefunds(settings, order))
    transitions.push(...newRefunds({ order, refunds, told, settings, modifiedAt }));

  if (told.length + transitions.length > 0) return { outcome: 'told', transitions };
  return { outcome: order.is_deleted ? 'archived' : 'not-yet', transitions };
}

/** The status of a checkout that has not come to its end. */
const INCOMPLETE = 0;

/** Orders say when they were placed by the second: one of the same second as the start is not from before. */
const wholeSecond = (date: Date): number => Math.floor(date.getTime() / 1_000) * 1_000;

const means = (
  event: { readonly isEnabled: boolean; readonly statusIds: readonly number[] },
  statusId: number,
) => event.isEnabled && event.statusIds.includes(statusId);

/** Refunds that are not told, the earliest first, each by whether it left something. */
function newRefunds(options: {
  readonly order: OrderFacts;
  readonly refunds: readonly Refund[];
  readonly told: readonly ToldEvent[];
  readonly settings: Settings;
  readonly modifiedAt: Date;
}): Transition[] {
  const { order, refunds, told, settings, modifiedAt } = options;
  const { orderEvents } = settings;
  // Nothing is left to be given back.
  if (told.some(({ kind }) => kind === 'refunded')) return [];
  const total = Number(order.total_inc_tax);
  if (refunds.length === 0) {
    // Merchants may call an order refunded that they gave the money back of elsewhere.
    return means(orderEvents.refunded, order.status_id)
      ? [{ kind: 'refunded', refundId: 0, occurredAt: modifiedAt, amount: order.total_inc_tax }]
      : [];
  }
  const transitions: Transition[] = [];
  let sum = 0;
  for (const { id, created, total_amount: amount } of [...refunds].sort((a, b) => a.id - b.id)) {
    sum += amount;
    const isLast = sum >= total - HALF_A_CENT;
    const kind = isLast ? 'refunded' : 'partially_refunded';
    const isNew = !told.some((event) => event.refundId === id);
    if (isNew && orderEvents[kind].isEnabled)
      transitions.push({ kind, refundId: id, occurredAt: created ?? modifiedAt, amount });
    if (isLast) break;
  }
  return transitions;
}
