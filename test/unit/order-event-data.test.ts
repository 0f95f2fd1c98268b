import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type NewOrder, orderRecord } from '../../examples/sandbox/bigcommerce/order-record.js';
import { eventData } from '../../src/app/orders/event-data.js';
import { neededParts, type OrderParts } from '../../src/app/orders/order-parts.js';
import { plainMoney, plainOrder } from '../../src/app/orders/plain-order.js';
import type { Transition } from '../../src/app/orders/transitions.js';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import { ORDER_DATA_PATHS } from '../../src/catalog/order-data.js';
import { parsePath } from '../../src/catalog/placeholders.js';
import {
  CART_VALUES,
  DEFAULT_SETTINGS,
  ORDER_CREATED_FIELDS,
  type Settings,
} from '../../src/catalog/settings.js';
import {
  orderCouponSchema,
  orderProductSchema,
  orderSchema,
  orderShippingAddressSchema,
} from '../../src/store/order-types.js';

const PLACED = new Date('2026-03-01T12:00:00Z');
const CREATED: Transition = { kind: 'created', refundId: 0, occurredAt: PLACED, amount: undefined };

const BUYER = { id: 23, firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' };
const MUG = {
  productId: 111,
  name: 'Stoneware Mug',
  sku: 'MUG-01',
  brand: 'Juniper',
  price: 24,
  quantity: 2,
};
const POT = { productId: 112, name: 'Tea Pot', sku: 'POT-01', brand: 'Juniper', price: 12, quantity: 1 };

/** An order as BigCommerce answers it, with all that belongs to it. */
function full(said: NewOrder & { readonly more?: object } = {}) {
  const { more, ...rest } = said;
  const record = orderRecord({
    id: 1234,
    placedAt: PLACED,
    statusId: 11,
    buyer: BUYER,
    lines: [MUG, POT],
    ...rest,
  });
  const parts: OrderParts = {
    coupons: record.coupons.map((coupon) => orderCouponSchema.parse(coupon)),
    products: record.products.map((product) => orderProductSchema.parse(product)),
    shipping_addresses: record.shippingAddresses.map((address) => orderShippingAddressSchema.parse(address)),
    categories: new Map([[111, ['Kitchen', 'Gifts']]]),
  };
  return { order: orderSchema.parse({ ...record.fields, ...more }), parts };
}

const dataOf = (
  said: Parameters<typeof full>[0] = {},
  settings: Partial<Settings> = {},
  transition: Transition = CREATED,
) =>
  eventData(transition, {
    ...full(said),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    channelName: 'Brand Store',
  });

const custom = (value: string, said: Parameters<typeof full>[0] = {}) =>
  dataOf(said, { customEventData: [{ key: 'custom', value }] }).custom;

describe('"order created"', () => {
  it('tells all that is ticked, by the names of Extole', () => {
    expect(dataOf({ couponCodes: ['FRIEND-7QK2'], locale: 'en-US' })).toEqual({
      partner_conversion_id: '1234',
      email: 'Ada@Example.com',
      partner_user_id: '23',
      first_name: 'Ada',
      last_name: 'Lovelace',
      cart_value: '60.00',
      currency: 'USD',
      locale: 'en-US',
      coupon_code: 'FRIEND-7QK2',
    });
  });

  it('tells nothing that is not, but always the id', () => {
    expect(dataOf({}, { orderCreatedFields: [] })).toEqual({ partner_conversion_id: '1234' });
    for (const field of ORDER_CREATED_FIELDS) {
      const names = Object.keys(dataOf({ couponCodes: ['A'] }, { orderCreatedFields: [field] }));
      const together = field === 'cart_value' ? ['currency'] : [];
      expect(new Set(names)).toEqual(new Set(['partner_conversion_id', field, ...together]));
    }
  });

  it('leaves out what is not known, and never makes guests one shopper', () => {
    const guest = { ...BUYER, id: 0, firstName: '', lastName: '  ' };
    expect(dataOf({ buyer: guest, more: { customer_locale: null } })).toEqual({
      partner_conversion_id: '1234',
      email: 'Ada@Example.com',
      cart_value: '60.00',
      currency: 'USD',
    });
    expect(dataOf({ more: { billing_address: null } })).not.toHaveProperty('email');
  });

  it('names all coupons', () => {
    expect(dataOf({ couponCodes: ['A-1', 'B-2'] }).coupon_code).toBe('A-1,B-2');
    expect(dataOf()).not.toHaveProperty('coupon_code');
  });

  it('tells the value that the setting names', () => {
    const said = { taxRate: 0.2, couponCodes: ['A'] };
    const values = CART_VALUES.map((cartValue) => [cartValue, dataOf(said, { cartValue }).cart_value]);
    expect(Object.fromEntries(values)).toEqual({
      subtotal: '60.00',
      subtotal_ex_tax: '50.00',
      subtotal_inc_tax: '60.00',
      total_ex_tax: '45.00',
      total_inc_tax: '54.00',
    });
    const exclusive = { ...said, more: { is_tax_inclusive_pricing: false } };
    expect(dataOf(exclusive).cart_value).toBe('50.00');
  });

  it('tells money in the currency that was paid in, with its digits', () => {
    const told = (currency: string, subtotal: unknown) => {
      const { cart_value, ...data } = dataOf({ currency, more: { subtotal_inc_tax: subtotal } });
      return [cart_value, data.currency];
    };
    expect(told('EUR', '1234.5000')).toEqual(['1234.50', 'EUR']);
    expect(told('JPY', '5400.0000')).toEqual(['5400', 'JPY']);
    expect(told('KWD', '12.3450')).toEqual(['12.345', 'KWD']);
    expect(told('USD', 60)).toEqual(['60.00', 'USD']);
    expect(told('USD', '0.0000')).toEqual(['0.00', 'USD']);
    expect(told('USD', 'much')).toEqual([undefined, undefined]);
    // Shown in another currency, paid in this one.
    expect(dataOf({ more: { currency_code: 'GBP' } }).currency).toBe('USD');
  });

  it('tells no sum without its currency, which would be taken for the program’s', () => {
    for (const default_currency_code of [null, '', 'dollars']) {
      const data = dataOf({ more: { default_currency_code } });
      expect(data).not.toHaveProperty('cart_value');
      expect(data).not.toHaveProperty('currency');
    }
  });

  it('cuts names to the 38 characters that Extole takes, and not through one', () => {
    const named = (firstName: string) => dataOf({ buyer: { ...BUYER, firstName } }).first_name;
    expect(named('a'.repeat(38))).toBe('a'.repeat(38));
    expect(named('a'.repeat(39))).toBe('a'.repeat(38));
    expect(named(`${'a'.repeat(37)}🎉`)).toBe('a'.repeat(37));
    expect(named(`${'a'.repeat(36)}🎉`)).toBe(`${'a'.repeat(36)}🎉`);
    expect(named(` ${'a'.repeat(38)}`)).toBe('a'.repeat(38));
  });

  it('carries the program label, where there is one', () => {
    expect(dataOf({}, { programLabel: 'refer-a-friend' }).labels).toBe('refer-a-friend');
    expect(dataOf()).not.toHaveProperty('labels');
  });
});

describe('custom event data', () => {
  it('is fixed text, or filled in from the order', () => {
    expect(custom('winter')).toBe('winter');
    expect(custom('{{order.total_inc_tax}}')).toBe('60.00');
    expect(custom('No. {{order.id}} of <<order.channel_name>>')).toBe('No. 1234 of Brand Store');
    expect(custom('{{order.items_total}}')).toBe(3);
    expect(custom('{{order.products[1].name}}')).toBe('Tea Pot');
    expect(custom('{{order.products[0].categories}}')).toEqual(['Kitchen', 'Gifts']);
    expect(custom('{{order.date_created}}')).toBe('2026-03-01T12:00:00.000Z');
    expect(custom('{{order.whatever.comes}}', { more: { whatever: { comes: 'next' } } })).toBe('next');
  });

  it('leaves out what does not exist, or is empty', () => {
    expect(custom('{{order.nothing}}')).toBeUndefined();
    expect(custom('from {{order.external_source}}')).toBeUndefined();
    expect(custom('{{order.billing_address.company}}')).toBeUndefined();
    expect(custom('{{order.products[2].name}}')).toBeUndefined();
    // Not in the catalog, or not ours to see.
    expect(custom('{{order.products[1].category}}')).toBeUndefined();
    expect(custom('')).toBeUndefined();
  });

  it('wins over the fields, and never over the id', () => {
    const customEventData = [
      { key: 'email', value: 'shop@example.com' },
      { key: 'labels', value: 'other' },
      { key: 'partner_conversion_id', value: '1' },
    ];
    expect(dataOf({}, { customEventData, programLabel: 'label' })).toMatchObject({
      email: 'shop@example.com',
      labels: 'other',
      partner_conversion_id: '1234',
    });
  });

  it('can be any of the values that the settings page offers', () => {
    const said = {
      couponCodes: ['A'],
      more: {
        date_shipped: 'Mon, 02 Mar 2026 08:00:00 +0000',
        external_source: 'POS',
        billing_address: { country_iso2: 'US', state: 'Oregon', company: 'Brand Ltd' },
      },
    };
    const missing = ORDER_DATA_PATHS.filter(({ path }) => custom(`{{${path}}}`, said) === undefined);
    expect(missing).toEqual([]);
  });

  it('needs only those parts of an order that it names', () => {
    const parts = (...values: string[]) => [
      ...neededParts({
        ...DEFAULT_SETTINGS,
        orderCreatedFields: ['email'],
        customEventData: values.map((value, index) => ({ key: `${index}`, value })),
      }),
    ];
    expect(parts('winter', '{{order.id}}', '{{order.billing_address.state}}')).toEqual([]);
    expect(parts('{{other.products[0].name}}', '{{#if x}}')).toEqual([]);
    expect(parts('{{order.id}} {{order.coupons[0].code}}')).toEqual(['coupons']);
    expect(parts('<<order.shipping_addresses[0].state>>')).toEqual(['shipping_addresses']);
    expect(parts('{{order.products[0].name}}')).toEqual(['products']);
    expect(parts('{{order.products[0].category}}')).toEqual(['products', 'categories']);
    expect(parts('{{order.products.[3].categories}}')).toEqual(['products', 'categories']);
    expect(new Set(parts('{{order}}'))).toEqual(
      new Set(['coupons', 'shipping_addresses', 'products', 'categories']),
    );
    expect([...neededParts(DEFAULT_SETTINGS)]).toEqual(['coupons']);
  });
});

describe('a hostile order', () => {
  it('has its text told as it is, whatever stands between braces in it', () => {
    const buyer = { ...BUYER, firstName: '{{order.id}}', lastName: '<<order.email>>' };
    const data = dataOf(
      { buyer },
      { customEventData: [{ key: 'name', value: 'Dear {{order.billing_address.first_name}}' }] },
    );
    expect(data).toMatchObject({
      first_name: '{{order.id}}',
      last_name: '<<order.email>>',
      name: 'Dear {{order.id}}',
    });
  });

  it('reaches no prototype', () => {
    const more: object = JSON.parse(
      '{"__proto__": {"polluted": "yes"}, "extra": {"__proto__": {"polluted": "yes"}}}',
    );
    const fields = orderRecord({ id: 1, placedAt: PLACED }).fields;
    const order = orderSchema.parse(
      JSON.parse(`{${JSON.stringify(more).slice(1, -1)}, ${JSON.stringify(fields).slice(1)}`),
    );
    const customEventData = [
      { key: '__proto__', value: 'x' },
      { key: 'constructor', value: 'x' },
      ...[
        'order.__proto__.polluted',
        'order.extra.__proto__.polluted',
        'order.polluted',
        'order.constructor.name',
      ].map((path) => ({ key: path, value: `{{${path}}}` })),
    ];
    const data = eventData(CREATED, {
      order,
      parts: {},
      settings: { ...DEFAULT_SETTINGS, orderCreatedFields: [], customEventData },
      channelName: undefined,
    });
    expect(JSON.stringify(data)).toBe('{"partner_conversion_id":"1"}');
    expect({}).not.toHaveProperty('polluted');
  });

  it('with thousands of products is told, but not all of them in one value', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => ({
      ...MUG,
      productId: index + 1,
      name: `Mug ${index}`,
    }));
    expect(custom('{{order.products[1999].name}}', { lines })).toBe('Mug 1999');
    expect(custom('{{order.products.length}}', { lines })).toBe(2_000);
    expect(custom('{{order.products}}', { lines })).toBeUndefined();
    expect(custom('{{order.products}}')).toHaveLength(2);
    expect(custom('{{order.staff_notes}}', { more: { staff_notes: 'n'.repeat(9_998) } })).toHaveLength(9_998);
    expect(custom('{{order.staff_notes}}', { more: { staff_notes: 'n'.repeat(9_999) } })).toBeUndefined();
  });
});

describe('what becomes of an order', () => {
  const settings = { programLabel: 'label', customEventData: [{ key: 'custom', value: 'winter' }] };
  const identity = {
    partner_conversion_id: '1234',
    email: 'Ada@Example.com',
    partner_user_id: '23',
    labels: 'label',
  };
  const became = (kind: Transition['kind'], rest: Partial<Transition> = {}) => ({
    ...CREATED,
    kind,
    ...rest,
  });

  it('is told with ids and identity, as ticked', () => {
    expect(dataOf({}, settings, became('fulfilled'))).toEqual(identity);
    expect(dataOf({}, settings, became('canceled'))).toEqual(identity);
    expect(dataOf({}, { orderCreatedFields: ['cart_value'] }, became('canceled'))).toEqual({
      partner_conversion_id: '1234',
    });
  });

  it('is told with its amount, of a refund', () => {
    expect(dataOf({}, settings, became('partially_refunded', { refundId: 7, amount: 12.5 }))).toEqual({
      ...identity,
      refund_amount: '12.50',
      currency: 'USD',
      partner_refund_id: '7',
    });
    const whole = became('refunded', { amount: '5400.0000' });
    expect(dataOf({ currency: 'JPY' }, settings, whole)).toEqual({
      ...identity,
      refund_amount: '5400',
      currency: 'JPY',
    });
  });
});

describe('plain values', () => {
  it('are money by its name, and everything else as it comes', () => {
    const members = {
      total_inc_tax: '12.3456',
      base_price: 5,
      items_total: 3,
      shipping_cost_tax_class_id: 2,
      tax_provider_id: 'BasicTaxProvider',
      currency_exchange_rate: '1.0000000000',
      sku: '12.3456',
      applied_discounts: [{ id: 1, amount: '1.0000' }],
      is_tax_inclusive_pricing: true,
      discount_amount: null,
    };
    expect(plainOrder(members, 'USD')).toEqual({
      ...members,
      total_inc_tax: '12.35',
      base_price: '5.00',
      applied_discounts: [{ id: 1, amount: '1.00' }],
    });
    expect(plainOrder(members, undefined)).toEqual(members);
  });

  it('are rounded as they are written', () => {
    expect(plainMoney('1.0050', 'USD')).toBe('1.01');
    expect(plainMoney('1.0049', 'USD')).toBe('1.00');
    expect(plainMoney('1234567.5', 'JPY')).toBe('1234568');
    expect(plainMoney('-5.5', 'USD')).toBe('-5.50');
    for (const none of ['', 'x', null, undefined, {}, '1e5', '1,5', Number.NaN]) {
      expect(plainMoney(none, 'USD')).toBeUndefined();
    }
  });
});

describe('the hash of an e-mail address', () => {
  it('is the same however it is written, and another one in another store', () => {
    expect(emailHash('store1', 'Ada@Example.com')).toEqual(emailHash('store1', 'ada@example.COM'));
    expect(emailHash('store1', 'ada@example.com')).not.toEqual(emailHash('store2', 'ada@example.com'));
    expect(emailHash('store1', 'ada@example.com')).toHaveLength(32);
  });
});

const SPECIFICATION = new URL('../../../shared/specs/bigcommerce/orders.v2.oas2.yml', import.meta.url);
const hasSpecification = existsSync(SPECIFICATION);
const reason = hasSpecification ? '' : ' (skipped: the specifications are not beside the repository)';

describe('the values that the settings page offers', () => {
  it.skipIf(!hasSpecification)(`are what BigCommerce documents${reason}`, () => {
    const document: unknown = parse(readFileSync(SPECIFICATION, 'utf8'));
    const schemas = memberOf(memberOf(document, 'components'), 'schemas');
    const roots: Readonly<Record<string, unknown>> = {
      coupons: memberOf(schemas, 'orderCoupons_Base'),
      products: memberOf(schemas, 'orderProducts'),
      shipping_addresses: memberOf(schemas, 'orderShippingAddress'),
    };
    // Ours, as the catalog says.
    const ours = ['order.channel_name', 'order.products[0].category'];
    const unknown = ORDER_DATA_PATHS.map(({ path }) => path)
      .filter((path) => !ours.includes(path))
      .filter((path) => {
        const [, name = '', ...rest] = parsePath(path) ?? [];
        const part = roots[name];
        const steps = part ? rest.slice(1) : [name, ...rest];
        return !isDocumented(document, part ?? memberOf(schemas, 'order_Resp'), steps);
      });
    expect(unknown).toEqual([]);
  });
});

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** Whether a schema, or one of those that it is made of, has members by these names, one within the other. */
function isDocumented(document: unknown, schema: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const reference = memberOf(schema, '$ref');
  if (typeof reference === 'string') {
    const target = reference.split('/').slice(1).reduce(memberOf, document);
    return isDocumented(document, target, [name, ...rest]);
  }
  const property = memberOf(memberOf(schema, 'properties'), name);
  if (property !== undefined) return isDocumented(document, property, rest);
  const parts: unknown = memberOf(schema, 'allOf');
  return Array.isArray(parts) && parts.some((part) => isDocumented(document, part, [name, ...rest]));
}
