import type { OrderRecord } from '../../../examples/sandbox/bigcommerce/orders.js';
import type { OrderEvent, Settings } from '../../../src/catalog/settings.js';
import { CATEGORIES, PRODUCTS } from './plan.js';
import type { BenchStore } from './stores.js';

/*
 * What Extole should have got, told independently of how the app finds out: the tiny model that the app is held to.
 */

/** An order at a moment of its life. */
export interface OrderState {
  /** `undefined`: deleted for good. */
  readonly record: OrderRecord | undefined;
  /** Whether the app surely saw it so. Others it may have missed. */
  readonly wasSeen: boolean;
}

/** An event that Extole should have got. */
export interface ExpectedEvent {
  readonly kind: OrderEvent;
  /** 0 for what is no refund of its own. */
  readonly refundId: number;
}

/** An order as it was lived. */
export interface LivedOrder {
  readonly store: BenchStore;
  readonly id: number;
  readonly lifeName: string;
  /** What counts for its storefront; `undefined`: nothing is to be told. */
  readonly settings: Settings | undefined;
  /** Since when orders count, in whole seconds. */
  readonly ordersSinceMs: number;
  readonly states: OrderState[];
}

export const keyOf = ({ kind, refundId }: ExpectedEvent): string =>
  refundId === 0 ? kind : `${kind}:${refundId}`;

/**
 * All that Extole may have got of an order, in order. More than one thing only where a state that would have been told of was over before the
 * app could see it.
 */
export function alternativesOf(order: LivedOrder): ExpectedEvent[][] {
  const { states } = order;
  let histories: OrderState[][] = [[]];
  for (const [index, state] of states.entries()) {
    const longer = histories.map((history) => [...history, state]);
    const isSure = state.wasSeen || index === states.length - 1;
    histories = isSure ? longer : [...longer, ...histories];
  }
  const different = new Map(
    histories
      .map((history) => eventsOf(order, history))
      .map((events) => [events.map(keyOf).join(), events] as const),
  );
  return [...different.values()];
}

/** What is to be told by somebody who saw an order in these states, one after the other. */
export function eventsOf(order: LivedOrder, states: readonly OrderState[]): ExpectedEvent[] {
  const { settings, ordersSinceMs } = order;
  if (!settings?.isEnabled) return [];
  const rules = settings.orderEvents;
  const told: ExpectedEvent[] = [];
  const isTold = (kind: OrderEvent): boolean => told.some((event) => event.kind === kind);
  for (const { record } of states) {
    if (!record || Date.parse(record.fields.date_created) < ordersSinceMs) continue;
    const { status_id, is_deleted } = record.fields;
    const means = (kind: OrderEvent): boolean =>
      rules[kind].isEnabled && rules[kind].statusIds.includes(status_id);
    const counts = rules.created.timing === 'creation' ? status_id !== 0 : means('created');
    if (counts && !is_deleted && !isTold('created')) told.push({ kind: 'created', refundId: 0 });
    if (!isTold('created')) continue;
    for (const kind of ['fulfilled', 'canceled'] as const)
      if (means(kind) && !isTold(kind)) told.push({ kind, refundId: 0 });
    if (!means('partially_refunded') && !means('refunded')) continue;
    if (record.refunds.length === 0 && means('refunded') && !isTold('refunded'))
      told.push({ kind: 'refunded', refundId: 0 });
    let sum = 0;
    for (const { id, total_amount } of record.refunds) {
      sum += total_amount;
      const kind = sum >= Number(record.fields.total_inc_tax) - 0.005 ? 'refunded' : 'partially_refunded';
      if (!told.some(({ refundId }) => refundId === id)) told.push({ kind, refundId: id });
    }
  }
  return told;
}

/** What an event may look like on the wire. */
export interface ExpectedBody {
  readonly name: string;
  readonly times: ReadonlySet<string>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What an event of an order looks like. */
export function bodyOf(order: LivedOrder, { kind, refundId }: ExpectedEvent): ExpectedBody | undefined {
  const { settings, states } = order;
  const records = states.flatMap(({ record }) => record ?? []);
  const [first] = records;
  const last = records.at(-1);
  if (!settings || !first || !last) return undefined;
  const { name, statusIds } = settings.orderEvents[kind];
  const iso = (date: string): string => new Date(date).toISOString();
  const identity = {
    partner_conversion_id: `${order.id}`,
    ...ticked(settings, identityOf(first)),
    ...(settings.programLabel && { labels: settings.programLabel }),
  };
  if (kind === 'created') {
    const times = new Set([iso(first.fields.date_created)]);
    return { name, times, data: { ...identity, ...createdData(order, settings, first) } };
  }
  const refund = last.refunds.find(({ id }) => id === refundId);
  if (refund) {
    return {
      name,
      times: new Set([iso(refund.created)]),
      data: {
        ...identity,
        ...money(order, 'refund_amount', refund.total_amount),
        partner_refund_id: `${refundId}`,
      },
    };
  }
  const happened = records.filter(({ fields }) => statusIds.includes(fields.status_id));
  return {
    name,
    times: new Set(
      happened.map(({ fields }) =>
        iso((kind === 'fulfilled' && fields.date_shipped) || fields.date_modified),
      ),
    ),
    data: {
      ...identity,
      ...(kind === 'refunded' && money(order, 'refund_amount', first.fields.total_inc_tax)),
    },
  };
}

const identityOf = ({ fields }: OrderRecord): Record<string, string> => ({
  email: fields.billing_address.email,
  ...(fields.customer_id && { partner_user_id: `${fields.customer_id}` }),
});

const ticked = (settings: Settings, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => settings.orderCreatedFields.some((field) => field === name)),
  );

const money = ({ store }: LivedOrder, name: string, amount: string | number): Record<string, string> => ({
  [name]: Number(amount).toFixed(store.currency.digits),
  currency: store.currency.code,
});

/** What "order created" tells beside whose it is. */
function createdData(
  order: LivedOrder,
  settings: Settings,
  { fields, coupons, products }: OrderRecord,
): Record<string, unknown> {
  const codes = coupons.flatMap((coupon) => ('code' in coupon ? `${coupon.code}` : []));
  const { cartValue } = settings;
  return {
    ...ticked(settings, {
      first_name: fields.billing_address.first_name.slice(0, 38),
      last_name: fields.billing_address.last_name.slice(0, 38),
      locale: fields.customer_locale,
      ...(codes.length > 0 && { coupon_code: codes.join(',') }),
    }),
    // All stores of the bench have prices with tax.
    ...money(order, 'cart_value', fields[cartValue === 'subtotal' ? 'subtotal_inc_tax' : cartValue]),
    ...(settings.customEventData.length > 0 && ownData(order, codes, products)),
  };
}

/** What the store with custom event data has set. */
function ownData({ id }: LivedOrder, codes: readonly string[], products: readonly object[]) {
  const [line = {}] = products;
  const product = PRODUCTS.find((one) => 'product_id' in line && one.id === line.product_id);
  return {
    campaign: 'spring',
    number: `Order ${id}`,
    product: product?.name,
    category: CATEGORIES.find((category) => category.id === product?.categories[0])?.name,
    ...(codes.length > 0 && { code: `code ${codes[0]}` }),
  };
}
