import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ApiCall,
  type BigCommerceApi,
  startBigCommerceApi,
} from '../../examples/sandbox/bigcommerce/api.js';
import {
  archiveOrder,
  changeOrder,
  deleteOrder,
  type OrderEvent,
  placeOrder,
  refundOrder,
  setOrderStatus,
} from '../../examples/sandbox/bigcommerce/orders.js';
import { emptyStore } from '../../examples/sandbox/bigcommerce/store-content.js';
import { ORDER_STATUSES } from '../../src/catalog/settings.js';
import { clearContent } from '../support/api-store.js';
import { hasSpecifications, nonconformities, reason } from '../support/openapi.js';

const content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: new Map() });
const START = Date.parse('2026-03-01T12:00:00Z');
const SECOND = 1_000;

let api: BigCommerceApi;
const allCalls: ApiCall[] = [];
/** What was told of the orders of a test: `created 100`. */
let told: OrderEvent[];
const hear = (event: OrderEvent): void => {
  told.push(event);
};

beforeAll(async () => {
  api = await startBigCommerceApi({ content, site: () => 'https://brand.example' });
  content.orderListeners.add(hear);
});
beforeEach(() => {
  clearContent(content);
  content.lastOrderId = 99;
  told = [];
  setNow(0);
});
afterEach(() => {
  api.setScopes();
  allCalls.push(...api.calls());
  api.clearCalls();
});
afterAll(() => api.close());

const setNow = (secondsAfterStart: number): void => {
  content.now = () => new Date(START + secondsAfterStart * SECOND);
};

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${api.url}/stores/store1${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'x-auth-token': api.accessToken,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}
const get = (path: string) => call('GET', path);
const idsOf = async (query: string): Promise<number[]> => {
  const { status, body } = await get(`/v2/orders?${query}`);
  expect(status).toBe(body ? 200 : 204);
  return (body ?? []).map(({ id }: { id: number }) => id);
};
const MODIFY = ['store_v2_orders'];

describe('an order', () => {
  it('is answered with what was bought, by whom, in which currency, and what it came to', async () => {
    const { fields } = placeOrder(content, {
      buyer: { id: 7, firstName: 'Mary Ann', lastName: 'Evans', email: 'mary@example.com' },
      lines: [{ productId: 112, name: 'Kettle', sku: 'KET', brand: 'Northway', price: 79, quantity: 2 }],
      couponCodes: ['WELCOME', 'FRIEND'],
      currency: 'EUR',
      locale: 'de',
      taxRate: 0.25,
    });
    expect((await get(`/v2/orders/${fields.id}`)).body).toMatchObject({
      id: 100,
      customer_id: 7,
      status_id: 11,
      status: 'Awaiting Fulfillment',
      custom_status: 'Waiting to be packed',
      date_created: 'Sun, 01 Mar 2026 12:00:00 +0000',
      date_modified: 'Sun, 01 Mar 2026 12:00:00 +0000',
      date_shipped: '',
      subtotal_inc_tax: '158.0000',
      subtotal_ex_tax: '126.4000',
      coupon_discount: '31.6000',
      total_inc_tax: '126.4000',
      total_ex_tax: '101.1200',
      refunded_amount: '0.0000',
      is_tax_inclusive_pricing: true,
      items_total: 2,
      default_currency_code: 'EUR',
      customer_locale: 'de',
      is_deleted: false,
      billing_address: { first_name: 'Mary Ann', last_name: 'Evans', email: 'mary@example.com' },
    });
    expect((await get('/v2/orders/100/products')).body).toMatchObject([
      {
        product_id: 112,
        name: 'Kettle',
        sku: 'KET',
        brand: 'Northway',
        quantity: 2,
        total_inc_tax: '158.0000',
      },
    ]);
    expect((await get('/v2/orders/100/coupons')).body).toMatchObject([
      { code: 'WELCOME', discount: 15.8 },
      { code: 'FRIEND', discount: 15.8 },
    ]);
    expect((await get('/v2/orders/100/shipping_addresses')).body).toMatchObject([
      { first_name: 'Mary Ann', country_iso2: 'US', shipping_method: 'Flat Rate' },
    ]);
  });

  it('says whatever else a test has it say', async () => {
    placeOrder(content, { id: 5, fields: { external_source: 'M-MIG', order_source: 'external' } });
    expect((await get('/v2/orders/5')).body).toMatchObject({
      external_source: 'M-MIG',
      order_source: 'external',
    });
  });

  it('without coupons has no list of them', async () => {
    placeOrder(content);
    expect(await get('/v2/orders/100/coupons')).toEqual({ status: 204, body: undefined });
  });

  it('that does not exist has nothing', async () => {
    placeOrder(content);
    deleteOrder(content, 100);
    const paths = ['', '/products', '/coupons', '/shipping_addresses'].map((path) => `/v2/orders/100${path}`);
    for (const path of [...paths, '/v3/orders/100/payment_actions/refunds'])
      expect((await get(path)).status, path).toBe(404);
  });

  it('pages through its products', async () => {
    const line = { name: 'Mug', sku: 'M', brand: '', price: 1, quantity: 1 };
    placeOrder(content, { lines: Array.from({ length: 51 }, (_, index) => ({ ...line, productId: index })) });
    const counts = ['', '?page=2', '?page=3', '?limit=250'].map(async (query) => {
      const { status, body } = await get(`/v2/orders/100/products${query}`);
      return [status, body?.length];
    });
    expect(await Promise.all(counts)).toEqual([
      [200, 50],
      [200, 1],
      [204, undefined],
      [200, 51],
    ]);
  });
});

describe('what becomes of an order', () => {
  it.each(Object.entries(ORDER_STATUSES))('is answered and told: status %s, %s', async (id, status) => {
    const { fields } = placeOrder(content, { statusId: id === '7' ? 0 : 7 });
    setNow(60);
    setOrderStatus(content, fields.id, Number(id));
    expect((await get('/v2/orders/100')).body).toMatchObject({
      status_id: Number(id),
      status,
      date_modified: 'Sun, 01 Mar 2026 12:01:00 +0000',
      date_shipped: id === '2' ? 'Sun, 01 Mar 2026 12:01:00 +0000' : '',
    });
    const change = { status: { previous_status_id: fields.status_id, new_status_id: Number(id) } };
    expect(told).toEqual([
      { name: 'created', orderId: 100, channelId: 1, details: {} },
      { name: 'statusUpdated', orderId: 100, channelId: 1, details: change },
      { name: 'updated', orderId: 100, channelId: 1, details: {} },
    ]);
  });

  it('is no new status where it is the same', () => {
    placeOrder(content);
    setOrderStatus(content, 100, 11);
    expect(told.map(({ name }) => name)).toEqual(['created', 'updated']);
  });

  it('leaves the first shipping date', async () => {
    placeOrder(content);
    setOrderStatus(content, 100, 2);
    setNow(60);
    setOrderStatus(content, 100, 10);
    setOrderStatus(content, 100, 2);
    expect((await get('/v2/orders/100')).body.date_shipped).toBe('Sun, 01 Mar 2026 12:00:00 +0000');
  });

  it('is refunds, until nothing is left', async () => {
    placeOrder(content);
    const refunds = () => get('/v3/orders/100/payment_actions/refunds');
    expect((await refunds()).body).toEqual({ data: [], meta: {} });
    const first = refundOrder(content, 100, 10);
    expect((await get('/v2/orders/100')).body).toMatchObject({ status_id: 14, refunded_amount: '0.0000' });
    for (const amount of [0, -1, 14.01, Number.NaN])
      expect(() => refundOrder(content, 100, amount)).toThrow('JSON data is missing or invalid');
    const second = refundOrder(content, 100, 14);
    expect((await get('/v2/orders/100')).body.status_id).toBe(4);
    expect((await refunds()).body.data).toMatchObject([
      { id: first.id, order_id: 100, total_amount: 10, created: '2026-03-01T12:00:00.000Z' },
      { id: second.id, order_id: 100, total_amount: 14 },
    ]);
    expect(first.id).not.toBe(second.id);
    expect(told.flatMap(({ name, details }) => (name === 'refund/created' ? [details] : []))).toEqual([
      { refund: { refund_id: first.id } },
      { refund: { refund_id: second.id } },
    ]);
  });

  it('is the archive, where it is still found', async () => {
    placeOrder(content);
    archiveOrder(content, 100);
    expect((await get('/v2/orders/100')).body.is_deleted).toBe(true);
    expect(await idsOf('')).toEqual([100]);
    expect(told.map(({ name }) => name)).toEqual(['created', 'updated', 'archived']);
  });

  it('is whatever else changes of it', async () => {
    placeOrder(content);
    setNow(5);
    changeOrder(content, 100, { staff_notes: 'Send Saturday' });
    expect((await get('/v2/orders/100')).body).toMatchObject({
      staff_notes: 'Send Saturday',
      date_modified: 'Sun, 01 Mar 2026 12:00:05 +0000',
    });
    expect(told.map(({ name }) => name)).toEqual(['created', 'updated']);
  });

  it('can be asked for by who may change orders, and by nobody else', async () => {
    placeOrder(content);
    api.setScopes(['store_v2_orders_read_only']);
    for (const attempt of [call('PUT', '/v2/orders/100', { status_id: 2 }), call('DELETE', '/v2/orders/100')])
      expect((await attempt).status).toBe(403);
    api.setScopes(MODIFY);
    expect((await call('PUT', '/v2/orders/100', { status_id: 2 })).body).toMatchObject({ status_id: 2 });
    expect((await call('PUT', '/v2/orders/100', { is_deleted: true })).body).toMatchObject({
      is_deleted: true,
    });
    expect((await call('DELETE', '/v2/orders/100')).status).toBe(204);
    expect((await call('PUT', '/v2/orders/100', { status_id: 15 })).status).toBe(422);
    expect((await call('PUT', '/v2/orders/101', { status_id: 2 })).status).toBe(404);
  });
});

describe('the list of orders', () => {
  beforeEach(() => {
    const grace = { id: 0, firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' };
    placeOrder(content, { id: 12, statusId: 7, buyer: { ...grace, id: 3, email: 'ada@example.com' } });
    placeOrder(content, { id: 10, channelId: 2, placedAt: new Date(START - 100 * SECOND) });
    placeOrder(content, { id: 11, placedAt: new Date(START - 50 * SECOND) });
    setNow(60);
    changeOrder(content, 10, { staff_notes: '' });
  });
  const at = (seconds: number): string =>
    encodeURIComponent(new Date(START + seconds * SECOND).toISOString());
  const mailAt = (seconds: number): string =>
    encodeURIComponent(new Date(START + seconds * SECOND).toUTCString().replace('GMT', '+0000'));

  it.each([
    ['', [10, 11, 12]],
    ['min_id=11', [11, 12]],
    ['max_id=11', [10, 11]],
    [`min_date_modified=${at(60)}`, [10]],
    [`min_date_modified=${at(61)}`, []],
    [`max_date_modified=${at(59)}`, [11, 12]],
    [`min_date_modified=${mailAt(0)}&sort=date_modified:desc`, [10, 12]],
    [`min_date_created=${mailAt(-50)}`, [11, 12]],
    [`max_date_created=${at(-50)}`, [10, 11]],
    ['status_id=7', [12]],
    ['channel_id=2', [10]],
    ['customer_id=3', [12]],
    ['email=ada%40example.com', [12]],
    ['sort=id:desc', [12, 11, 10]],
    ['sort=date_created', [10, 11, 12]],
    ['sort=date_modified:asc', [11, 12, 10]],
    ['limit=2', [10, 11]],
    ['limit=2&page=2', [12]],
    ['limit=2&page=3', []],
    ['min_id=11&limit=1&sort=id:asc', [11]],
  ])('with %s is %j', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('is 50 orders long, and 250 at most', async () => {
    for (const _ of Array(300)) placeOrder(content);
    expect(await idsOf('')).toHaveLength(50);
    expect(await idsOf('limit=250')).toHaveLength(250);
    expect((await get('/v2/orders?limit=251')).status).toBe(422);
  });

  it.each(['page=0', 'min_id=a', 'min_date_modified=soon', 'sort=staff_notes', 'is_deleted=true'])(
    'is refused with %s',
    async (query) => {
      expect((await get(`/v2/orders?${query}`)).status).toBe(422);
    },
  );
});

describe('the catalog', () => {
  it('names the categories of products', async () => {
    content.products.set(111, { id: 111, name: 'Mug', categories: [23, 24] });
    content.products.set(112, { id: 112, name: 'Kettle', categories: [] });
    content.categories.set(23, { id: 23, name: 'Kitchen' });
    content.categories.set(24, { id: 24, name: 'Outdoors' });
    const products = await get('/v3/catalog/products?id:in=111,113&include_fields=categories');
    expect(products.body.data).toEqual([{ id: 111, categories: [23, 24] }]);
    const categories = await get('/v3/catalog/categories?id:in=24&include_fields=name');
    expect(categories.body.data).toEqual([{ id: 24, name: 'Outdoors' }]);
    expect((await get('/v3/catalog/products?limit=1&page=2')).body.data).toMatchObject([{ id: 112 }]);
  });
});

describe.skipIf(!hasSpecifications)(`the stand-in, by BigCommerce's specifications${reason}`, () => {
  it('answers as they say, and takes no request that they refuse', () => {
    expect(allCalls.length).toBeGreaterThan(60);
    // What the text of a parameter or an answer has, and no file, is in the corrections.
    const refused = allCalls.filter(({ status }) => status === 422);
    expect(nonconformities(allCalls.filter((call) => !refused.includes(call)))).toEqual([]);
  });
});
