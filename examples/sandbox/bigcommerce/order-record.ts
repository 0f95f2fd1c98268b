import { ORDER_STATUSES } from '../../../src/catalog/settings.js';
import { inCents } from '../store-data.js';
import { freeCoupon, type TakenCoupon } from './coupons.js';

/** Something that was ordered. */
export interface OrderLine {
  readonly productId: number;
  readonly name: string;
  readonly sku: string;
  readonly brand: string;
  /** What one costs, with tax. */
  readonly price: number;
  readonly quantity: number;
}

/** Who ordered: a customer, or a guest, whose id is 0. */
export interface OrderBuyer {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** What an order is about. What is not said is as in {@link SAMPLE}. */
export interface NewOrder {
  /** One more than the last, unless said otherwise. */
  readonly id?: number;
  readonly cartId?: string;
  readonly channelId?: number;
  readonly statusId?: number;
  readonly buyer?: OrderBuyer;
  readonly lines?: readonly OrderLine[];
  /** Codes of no promotion: each takes 10 % off. */
  readonly couponCodes?: readonly string[];
  /** What a checkout took, in place of those. */
  readonly coupons?: readonly TakenCoupon[];
  /** The currency that is paid in. */
  readonly currency?: string;
  /** The shopper's language. */
  readonly locale?: string;
  /** Part of what things cost, which prices hold: 0.2 is 20 %. */
  readonly taxRate?: number;
  /** When it was placed; now unless said otherwise. */
  readonly placedAt?: Date;
  /** What else is to be different, by BigCommerce's names. */
  readonly fields?: Partial<OrderFields>;
}

/** What is ordered where nobody says. */
const SAMPLE = {
  cartId: '1f0c2f5e-6a0d-4c55-9a3b-2f6c1d0e0001',
  channelId: 1,
  statusId: 11,
  buyer: { id: 0, firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' },
  lines: [{ productId: 111, name: 'Stoneware Mug', sku: 'MUG-01', brand: 'Juniper', price: 24, quantity: 1 }],
  couponCodes: [],
  currency: 'USD',
  locale: 'en',
  taxRate: 0,
} satisfies NewOrder;

/** An order, as `GET /v2/orders/{id}` answers, but for the addresses of its sub-resources. */
export type OrderFields = ReturnType<typeof orderFields>;

/** A refund, as `GET /v3/orders/{id}/payment_actions/refunds` answers. */
export interface RefundRecord {
  readonly id: number;
  readonly order_id: number;
  readonly user_id: number;
  /** ISO 8601. */
  readonly created: string;
  readonly reason: string;
  readonly total_amount: number;
  readonly total_tax: number;
  readonly items: readonly object[];
  readonly payments: readonly object[];
}

/** An order with its sub-resources, in the shapes of BigCommerce's API. */
export interface OrderRecord {
  readonly fields: OrderFields;
  readonly products: readonly object[];
  readonly coupons: readonly object[];
  readonly shippingAddresses: readonly object[];
  readonly refunds: readonly RefundRecord[];
  /** What filters compare, in whole seconds, which is all that the dates of an order tell. */
  readonly createdAtSeconds: number;
  readonly modifiedAtSeconds: number;
}

/** A date as the Orders API writes it: `Tue, 05 Mar 2019 21:40:11 +0000`. */
export function orderDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

/** An amount as the Orders API writes it: with four decimals. */
export function money(amount: number): string {
  return amount.toFixed(4);
}

/** What a status is called, by BigCommerce's id, before a merchant renames it. */
export function statusName(statusId: number): string {
  return ORDER_STATUSES[statusId] ?? 'Incomplete';
}

/** How far an order of a status is paid. */
export function paymentStatus(statusId: number): string {
  if (statusId === 4) return 'refunded';
  if (statusId === 14) return 'partially refunded';
  return [0, 1, 6, 7].includes(statusId) ? '' : 'captured';
}

/** Makes the record of an order. */
export function orderRecord(said: NewOrder & { readonly id: number; readonly placedAt: Date }): OrderRecord {
  const { fields: changes, ...rest } = said;
  const order: CompleteOrder = { ...SAMPLE, ...rest };
  const sums = sumsOf(order);
  const fields: OrderFields = { ...orderFields(order, sums), ...changes };
  return withDates({
    fields,
    products: order.lines.map((line, index) => productOf(order, line, index)),
    coupons: sums.coupons.map(({ code, discount, couponCodeId }, index) => ({
      id: order.id * 10 + index,
      coupon_id: couponCodeId ?? index + 1,
      order_id: order.id,
      code,
      amount: money(couponCodeId === null ? 10 : discount),
      type: couponCodeId === null ? PERCENTAGE : PROMOTION,
      discount,
    })),
    shippingAddresses: [shippingAddressOf(order)],
    refunds: [],
  });
}

/** Puts in what the filters compare. */
export function withDates(record: Omit<OrderRecord, 'createdAtSeconds' | 'modifiedAtSeconds'>): OrderRecord {
  const { date_created, date_modified } = record.fields;
  return {
    ...record,
    createdAtSeconds: Date.parse(date_created) / 1_000,
    modifiedAtSeconds: Date.parse(date_modified) / 1_000,
  };
}

/** Kinds of coupons, as orders number them. */
const PERCENTAGE = 1;
const PROMOTION = 5;

type CompleteOrder = Required<Omit<NewOrder, 'fields' | 'coupons'>> & Pick<NewOrder, 'coupons'>;
type Sums = ReturnType<typeof sumsOf>;

function sumsOf({ lines, couponCodes, coupons: taken, taxRate }: CompleteOrder) {
  const subtotal = inCents(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0));
  const coupons = taken ?? couponCodes.map((code) => freeCoupon(code, subtotal));
  const discount = inCents(coupons.reduce((sum, one) => sum + one.discount, 0));
  const total = inCents(subtotal - discount);
  const exTax = (amount: number): number => inCents(amount / (1 + taxRate));
  return {
    coupons,
    discount,
    subtotal,
    subtotalExTax: exTax(subtotal),
    total,
    totalExTax: exTax(total),
    items: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

function orderFields(order: CompleteOrder, sums: Sums) {
  const { id, buyer, currency, statusId, placedAt } = order;
  const none = money(0);
  return {
    id,
    customer_id: buyer.id,
    date_created: orderDate(placedAt),
    date_modified: orderDate(placedAt),
    /** Empty before it is. */
    date_shipped: '',
    status_id: statusId,
    status: statusName(statusId),
    custom_status: statusName(statusId),
    subtotal_ex_tax: money(sums.subtotalExTax),
    subtotal_inc_tax: money(sums.subtotal),
    subtotal_tax: money(sums.subtotal - sums.subtotalExTax),
    base_shipping_cost: none,
    shipping_cost_ex_tax: none,
    shipping_cost_inc_tax: none,
    shipping_cost_tax: none,
    shipping_cost_tax_class_id: 0,
    base_handling_cost: none,
    handling_cost_ex_tax: none,
    handling_cost_inc_tax: none,
    handling_cost_tax: none,
    handling_cost_tax_class_id: 0,
    base_wrapping_cost: none,
    wrapping_cost_ex_tax: none,
    wrapping_cost_inc_tax: none,
    wrapping_cost_tax: none,
    wrapping_cost_tax_class_id: 0,
    total_ex_tax: money(sums.totalExTax),
    total_inc_tax: money(sums.total),
    total_tax: money(sums.total - sums.totalExTax),
    is_tax_inclusive_pricing: true,
    items_total: sums.items,
    items_shipped: 0,
    payment_method: 'Test Payment Gateway',
    payment_provider_id: '',
    payment_status: paymentStatus(statusId),
    // Always so: refunds are found among the refunds.
    refunded_amount: none,
    order_is_digital: false,
    store_credit_amount: none,
    gift_certificate_amount: none,
    ip_address: '203.0.113.7',
    ip_address_v6: '',
    geoip_country: 'United States',
    geoip_country_iso2: 'US',
    currency_id: 1,
    // What was shown. What was paid in is the `default_currency_code`.
    currency_code: currency,
    currency_exchange_rate: '1.0000000000',
    default_currency_id: 1,
    default_currency_code: currency,
    store_default_currency_code: 'USD',
    store_default_to_transactional_exchange_rate: '1.0000000000',
    staff_notes: '',
    customer_message: '',
    discount_amount: none,
    coupon_discount: money(sums.discount),
    shipping_address_count: 1,
    is_deleted: false,
    is_email_opt_in: false,
    ebay_order_id: '0',
    cart_id: order.cartId,
    billing_address: { ...addressOf(buyer), form_fields: [] },
    order_source: 'www',
    channel_id: order.channelId,
    external_source: nullable(),
    external_id: nullable(),
    external_merchant_id: nullable(),
    external_order_id: '',
    tax_provider_id: 'BasicTaxProvider',
    customer_locale: order.locale,
  };
}

const nullable = (): string | null => null;

function addressOf({ firstName, lastName, email }: OrderBuyer) {
  return {
    first_name: firstName,
    last_name: lastName,
    company: '',
    street_1: '12 Alder Street',
    street_2: '',
    city: 'Portland',
    state: 'Oregon',
    zip: '97205',
    country: 'United States',
    country_iso2: 'US',
    phone: '',
    email,
  };
}

function shippingAddressOf({ id, buyer, lines }: CompleteOrder): object {
  const none = money(0);
  return {
    id: id * 10,
    order_id: id,
    ...addressOf(buyer),
    items_total: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    items_shipped: 0,
    shipping_method: 'Flat Rate',
    base_cost: none,
    cost_ex_tax: none,
    cost_inc_tax: none,
    cost_tax: none,
    cost_tax_class_id: 0,
    base_handling_cost: none,
    handling_cost_ex_tax: none,
    handling_cost_inc_tax: none,
    handling_cost_tax: none,
    handling_cost_tax_class_id: 0,
    shipping_zone_id: 1,
    shipping_zone_name: 'United States',
    form_fields: [],
  };
}

function productOf({ id, taxRate }: CompleteOrder, line: OrderLine, index: number): object {
  const { productId, name, sku, brand, price, quantity } = line;
  const priceExTax = inCents(price / (1 + taxRate));
  const total = inCents(price * quantity);
  const totalExTax = inCents(total / (1 + taxRate));
  return {
    id: id * 1_000 + index,
    order_id: id,
    product_id: productId,
    variant_id: productId + 1_000,
    order_address_id: id * 10,
    name,
    name_customer: name,
    name_merchant: name,
    sku,
    upc: '',
    type: 'physical',
    base_price: money(price),
    price_ex_tax: money(priceExTax),
    price_inc_tax: money(price),
    price_tax: money(price - priceExTax),
    base_total: money(total),
    total_ex_tax: money(totalExTax),
    total_inc_tax: money(total),
    total_tax: money(total - totalExTax),
    discounted_total_inc_tax: money(total),
    quantity,
    quantity_shipped: 0,
    quantity_refunded: 0,
    is_refunded: false,
    brand,
    applied_discounts: [],
    product_options: [],
    configurable_fields: [],
  };
}
