// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fill, lookUp } from '../../src/catalog/placeholders.js';
import type { PageContext, ZoneEventDetail, ZoneOptions } from '../../src/storefront/types.js';

const order = {
  orderId: 118,
  customerId: '7',
  baseAmount: 79,
  orderAmount: 64.5,
  currency: { code: 'USD', decimalPlaces: 2 },
  coupons: [{ code: 'REFER-ADA' }, { code: 'MUG 10' }],
  billingAddress: { email: 'ada@brand.com', firstName: 'Ada', lastName: 'Lovelace' },
};
const complete = {
  partner_conversion_id: '118',
  cart_value: '79.00',
  coupon_code: 'REFER-ADA,MUG 10',
  currency: 'USD',
  email: 'ada@brand.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  partner_user_id: '7',
};

let requests: [url: string, init: RequestInit][] = [];
let context: PageContext = {};
let zones: ZoneOptions[] = [];

/** Opens the confirmation page: what the last one knew is gone, but for the storage. */
async function loadPage(answer: unknown = order, status = 200) {
  requests = [];
  zones = [];
  context = {};
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push([url, init]);
    if (answer instanceof Error) throw answer;
    return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status });
  });
  vi.resetModules();
  const { tellConversion } = await import('../../src/storefront/conversion.js');
  return (orderId: number | string = 118) =>
    tellConversion({
      orderId,
      setContext: (partial) => {
        context = { ...context, ...partial };
      },
      createZone: (zone) => void zones.push(zone),
    });
}

/** What the SDK would send for the only zone. */
function sent(): unknown {
  expect(zones).toHaveLength(1);
  const data = zones[0]?.eventData;
  if (typeof data !== 'object') throw new Error('no event data');
  return fill(data, (path) => lookUp(context, path));
}
const tell = (type: string, detail: ZoneEventDetail): void =>
  void document.dispatchEvent(new CustomEvent(type, { detail }));
const answerByExtole = (): void => tell('extole-zone:rendered', { name: 'conversion' });
const told = (): unknown => JSON.parse(localStorage.getItem('extole-conversions') ?? 'null');
/** All that happens without Extole's answer. */
const asked = () => vi.waitUntil(() => zones.length > 0);

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the order of a confirmation page', () => {
  it('is asked of BigCommerce and told to Extole, and that is over once Extole has answered', async () => {
    const tellConversion = await loadPage();
    const outcome = tellConversion();
    await asked();
    expect(requests).toEqual([
      [
        '/api/storefront/orders/118?include=billingAddress,coupons,currency',
        { credentials: 'include', headers: { accept: 'application/vnd.bc.v1+json' } },
      ],
    ]);
    expect(zones).toMatchObject([{ name: 'conversion', fields: ['locale'] }]);
    expect(sent()).toEqual(complete);
    expect(context.order).toEqual({ id: 118, ...complete });
    expect(told()).toBeNull();
    tell('extole-zone:rendered', { name: 'confirmation' });
    expect(told()).toBeNull();
    answerByExtole();
    expect(await outcome).toBe('sent');
    expect(told()).toEqual(['118']);
  });

  it.each([
    ['a guest', { customerId: '0' }, { partner_user_id: undefined }],
    ['a guest, as a number', { customerId: 0 }, { partner_user_id: undefined }],
    ['an id that is too long for Extole', { customerId: '7'.repeat(39) }, { partner_user_id: undefined }],
    ['no coupon', { coupons: [] }, { coupon_code: undefined }],
    ['no coupons at all', { coupons: undefined }, { coupon_code: undefined }],
    ['an amount with cents', { baseAmount: 79.9 }, { cart_value: '79.90' }],
    ['a sum as computers have it', { baseAmount: 0.1 + 0.2 }, { cart_value: '0.30' }],
    ['a free order', { baseAmount: 0 }, { cart_value: '0.00' }],
    ['yen', { currency: { code: 'JPY', decimalPlaces: 0 } }, { cart_value: '79', currency: 'JPY' }],
    ['unknown decimal places', { currency: { code: 'USD' } }, { cart_value: '79.00' }],
  ])('is told as it is: %s', async (_what, change, expected) => {
    const tellConversion = await loadPage({ ...order, ...change });
    void tellConversion();
    await asked();
    expect(sent()).toEqual(JSON.parse(JSON.stringify({ ...complete, ...expected })));
    expect(zones[0]?.eventData).not.toContain(undefined);
  });

  it.each([
    ['x'.repeat(39), 'x'.repeat(38)],
    [`${'x'.repeat(37)}😀`, 'x'.repeat(37)],
    [`${'x'.repeat(36)}😀y`, `${'x'.repeat(36)}😀`],
    ['  Ada ', 'Ada'],
    [undefined, undefined],
    ['{{product.url}}', '{{product.url}}'],
    ['<<order.email>> "\\', '<<order.email>> "\\'],
  ])('is told with the name %j as %j', async (firstName, expected) => {
    const billingAddress = { ...order.billingAddress, firstName, lastName: firstName };
    const tellConversion = await loadPage({ ...order, billingAddress });
    void tellConversion();
    await asked();
    expect(sent()).toEqual(
      JSON.parse(JSON.stringify({ ...complete, first_name: expected, last_name: expected })),
    );
  });

  it.each<[string, unknown, number?]>([
    ['BigCommerce can not be reached', new TypeError('offline')],
    ['BigCommerce does not give it', order, 404],
    ['BigCommerce answers a page', '<html>'],
    ['BigCommerce answers null', null],
    ['it is another order', { ...order, orderId: 119 }],
    ['it has no id', { ...order, orderId: undefined }],
    ['its amount is missing', { ...order, baseAmount: undefined }],
    ['its amount is text', { ...order, baseAmount: '79' }],
    ['its currency is missing', { ...order, currency: undefined }],
    ['its currency has odd decimals', { ...order, currency: { code: 'USD', decimalPlaces: -1 } }],
    ['its address is missing', { ...order, billingAddress: undefined }],
    ['its coupons are no list', { ...order, coupons: {} }],
  ])('is left to the server when %s, and may be asked for again', async (_what, answer, status) => {
    const tellConversion = await loadPage(answer, status);
    expect(await tellConversion()).toBe('no-order');
    expect(await tellConversion()).toBe('no-order');
    expect(requests).toHaveLength(2);
    expect([zones, context, told()]).toEqual([[], {}, null]);
  });

  it.each([0, '0', '', '1'.repeat(39)])('is none when its id is %j', async (orderId) => {
    const tellConversion = await loadPage();
    expect(await tellConversion(orderId)).toBe('no-order');
    expect(requests).toEqual([]);
  });

  it('can not be another address of the store', async () => {
    const tellConversion = await loadPage();
    expect(await tellConversion('../carts?a=118')).toBe('no-order');
    expect(requests[0]?.[0]).toContain('/orders/..%2Fcarts%3Fa%3D118?');
  });
});

describe('an order that is told once', () => {
  it('is not told again by a reload', async () => {
    const first = await loadPage();
    const outcome = first();
    await asked();
    answerByExtole();
    await outcome;
    const second = await loadPage();
    expect(await second('118')).toBe('told-before');
    expect([requests, zones]).toEqual([[], []]);
  });

  it('is not told twice by one page, whether or not Extole has answered', async () => {
    const tellConversion = await loadPage();
    const outcome = tellConversion();
    expect(await tellConversion()).toBe('told-before');
    await asked();
    answerByExtole();
    expect(await outcome).toBe('sent');
    localStorage.clear();
    expect(await tellConversion()).toBe('told-before');
    expect(zones).toHaveLength(1);
  });

  it('is told again by a reload when Extole refused it', async () => {
    const first = await loadPage();
    void first();
    await asked();
    tell('extole-zone:failed', { name: 'conversion', code: 'EXTOLE_ZONE_FAILED' });
    expect(told()).toBeNull();
    const second = await loadPage();
    const outcome = second();
    await asked();
    answerByExtole();
    expect(await outcome).toBe('sent');
  });

  it('is remembered among the last twenty', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
    localStorage.setItem('extole-conversions', JSON.stringify(ids));
    const tellConversion = await loadPage();
    const outcome = tellConversion();
    await asked();
    answerByExtole();
    await outcome;
    expect(told()).toEqual([...ids.slice(1), '118']);
  });

  it.each(['nonsense', '{"118": true}', 'null', '"118"'])(
    'is told when the storage holds %s, which is then mended',
    async (found) => {
      localStorage.setItem('extole-conversions', found);
      const tellConversion = await loadPage();
      const outcome = tellConversion();
      await asked();
      answerByExtole();
      expect(await outcome).toBe('sent');
      expect(told()).toEqual(['118']);
    },
  );

  it('is told when the browser refuses its storage', async () => {
    for (const method of ['getItem', 'setItem'] as const) {
      vi.spyOn(Storage.prototype, method).mockImplementation(() => {
        throw new DOMException('refused', 'SecurityError');
      });
    }
    const tellConversion = await loadPage();
    const outcome = tellConversion();
    await asked();
    answerByExtole();
    expect(await outcome).toBe('sent');
  });
});
