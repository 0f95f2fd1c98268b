import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CouponCart, spendCoupons, takeCoupons } from '../../examples/sandbox/bigcommerce/coupons.js';
import {
  addCode,
  amountOff,
  changePromotion,
  createPromotion,
  findCode,
  findPromotion,
  type PromotionRecord,
  percentOff,
} from '../../examples/sandbox/bigcommerce/promotions.js';
import { emptyStore } from '../../examples/sandbox/bigcommerce/store-content.js';
import { PRODUCTS, type Sandbox, startSandbox } from '../../examples/sandbox/sandbox.js';

const NOW = '2026-03-01T12:00:00Z';
const CART: CouponCart = { subtotal: 80, currency: 'USD', rate: 1, channelId: 1, email: 'grace@example.com' };

function storeWith(
  said: Partial<PromotionRecord> = {},
  code: { max_uses?: number; max_uses_per_customer?: number } = {},
) {
  const content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: new Map() });
  content.now = () => new Date(NOW);
  const { id } = createPromotion(content, said);
  addCode(content, id, { code: 'THANKS-1', ...code });
  const take = (codes: string[] = ['THANKS-1'], cart: Partial<CouponCart> = {}) =>
    takeCoupons(content, codes, { ...CART, ...cart });
  const discounts = (codes?: string[], cart?: Partial<CouponCart>): number[] => {
    const answer = take(codes, cart);
    return 'taken' in answer ? answer.taken.map(({ discount }) => discount) : [];
  };
  const problem = (cart?: Partial<CouponCart>): string | undefined => {
    const answer = take(undefined, cart);
    return 'refused' in answer ? answer.refused.problem : undefined;
  };
  const buy = (email = CART.email): void => {
    const answer = take(undefined, { email });
    if ('taken' in answer) spendCoupons(content, answer.taken, email);
  };
  return { content, id, take, discounts, problem, buy };
}

describe('a coupon', () => {
  it.each<[string, PromotionRecord['rules'], Partial<CouponCart>, number]>([
    ['a part of the cart', percentOff(15), { subtotal: 19.99 }, 3],
    ['an amount', amountOff(5), {}, 5],
    ['an amount, in the currency that is paid in', amountOff(5), { currency: 'EUR', rate: 0.92 }, 4.6],
    ['no more than there is', amountOff(5), { subtotal: 3 }, 3],
  ])('takes off %s', (_what, rules, cart, discount) => {
    expect(storeWith({ rules, currency_code: '*' }).discounts(undefined, cart)).toEqual([discount]);
  });

  it('is the same however it is written, and counts once', () => {
    const { take, discounts } = storeWith({ rules: percentOff(60) });
    expect(take(['thanks-1'])).toMatchObject({ taken: [{ code: 'THANKS-1' }] });
    expect(discounts(['thanks-1', 'THANKS-1'])).toEqual([48]);
  });

  it('goes with others until nothing is left', () => {
    const { content, discounts } = storeWith({ rules: amountOff(70) });
    addCode(content, createPromotion(content, { rules: percentOff(50) }).id, { code: 'HALF' });
    expect(discounts(['THANKS-1', 'HALF'])).toEqual([70, 10]);
    expect(discounts(['HALF', 'THANKS-1'])).toEqual([40, 40]);
  });

  it.each<[string, Partial<PromotionRecord>, string | undefined]>([
    ['before its promotion ends', { end_date: '2026-03-01T12:00:01Z' }, undefined],
    ['once its promotion has ended', { end_date: NOW }, 'ended'],
    ['once its promotion has begun', { start_date: NOW }, undefined],
    ['before its promotion begins', { start_date: '2026-03-01T12:00:01Z' }, 'not_valid'],
    ['of a disabled promotion', { status: 'DISABLED' }, 'not_valid'],
    ['of an invalid promotion', { status: 'INVALID' }, 'not_valid'],
    ['of this storefront', { channels: [{ id: 2 }, { id: 1 }] }, undefined],
    ['of another storefront', { channels: [{ id: 2 }] }, 'not_valid'],
    ['of any currency', { currency_code: '*' }, undefined],
    ['of another currency', { currency_code: 'EUR' }, 'not_valid'],
    ['of a promotion with a use left', { max_uses: 3, current_uses: 2 }, undefined],
    ['of a promotion that is used up', { max_uses: 3, current_uses: 3 }, 'used_up'],
  ])('%s: %s is %s', (_when, said, expected) => {
    expect(storeWith(said).problem()).toBe(expected);
  });

  it('is good for as many orders as it says, and is counted with its promotion', () => {
    const { content, id, problem, buy } = storeWith({}, { max_uses: 2 });
    buy();
    expect(problem()).toBeUndefined();
    buy('ada@example.com');
    expect(problem()).toBe('used_up');
    expect(findCode(content, 'THANKS-1')?.current_uses).toBe(2);
    expect(findPromotion(content, id).current_uses).toBe(2);
  });

  it('is good for as many orders of one customer as it says', () => {
    const { problem, buy } = storeWith({}, { max_uses_per_customer: 1 });
    buy();
    expect(problem()).toBe('used_up');
    expect(problem({ email: 'ada@example.com' })).toBeUndefined();
  });

  it('is good for any number of orders where it says nothing', () => {
    const { problem, buy } = storeWith();
    for (const _ of Array(5)) buy();
    expect(problem()).toBeUndefined();
  });

  it('is refused when it belongs to no promotion, but for the one that is always good', () => {
    const { take, discounts } = storeWith();
    expect(take(['WELCOME', 'NOBODY'])).toEqual({ refused: { code: 'NOBODY', problem: 'unknown' } });
    expect(discounts(['WELCOME'])).toEqual([8]);
  });

  it('is any word as long as the store has no promotion with coupons', () => {
    const content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: new Map() });
    createPromotion(content, { redemption_type: 'AUTOMATIC' });
    expect(takeCoupons(content, ['NOBODY'], CART)).toMatchObject({
      taken: [{ code: 'NOBODY', discount: 8 }],
    });
  });
});

describe("the sandbox's checkout", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ ports: 'free' });
  });
  afterEach(() => {
    sandbox.content.promotions.clear();
    sandbox.content.couponCodes.clear();
  });
  afterAll(() => sandbox?.close());

  /** Buys a mug as one browser: what the last page says, and where it is. */
  async function buy(query: string): Promise<{ path: string; text: string }> {
    const cookies = new Map<string, string>();
    let path = `/cart.php?action=add&product_id=${PRODUCTS[0]?.id}`;
    const visit = async (to: string): Promise<Response> => {
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      const response = await fetch(`${sandbox.storefrontUrl}${to}`, {
        redirect: 'manual',
        headers: { cookie },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return response;
    };
    await visit(path);
    const answer = await visit(`/checkout?${query}`);
    path = answer.headers.get('location') ?? '';
    return { path, text: await (await visit(path)).text() };
  }
  const lastOrder = () => sandbox.content.orders.get(sandbox.content.lastOrderId);

  it('takes a code of a promotion once, and says why not again', async () => {
    const { id } = createPromotion(sandbox.content, { name: 'Thanks', rules: percentOff(25) });
    const { id: codeId } = addCode(sandbox.content, id, { code: 'THANKS-1', max_uses: 1 });
    const bought = await buy('coupon=thanks-1');
    expect(bought.path).toBe('/checkout/order-confirmation');
    expect(bought.text).toContain('THANKS-1 took $6.00 off.');
    expect(lastOrder()?.coupons).toEqual([
      expect.objectContaining({
        coupon_id: codeId,
        code: 'THANKS-1',
        type: 5,
        discount: 6,
        amount: '6.0000',
      }),
    ]);
    expect(lastOrder()?.fields).toMatchObject({ coupon_discount: '6.0000', total_inc_tax: '18.0000' });
    expect(findCode(sandbox.content, 'THANKS-1')?.current_uses).toBe(1);

    const again = await buy('coupon=THANKS-1');
    expect(again.path).toBe('/cart.php?code=THANKS-1&problem=used_up');
    expect(again.text).toContain('<p class="lead" role="alert">The code THANKS-1 was used already.</p>');
  });

  it('places no order with a code that is refused', async () => {
    const { id } = createPromotion(sandbox.content);
    addCode(sandbox.content, id, { code: 'THANKS-1' });
    const count = sandbox.content.orders.size;
    expect((await buy('coupon=NOBODY')).text).toContain('We know no coupon code NOBODY.');
    changePromotion(sandbox.content, id, { status: 'DISABLED' });
    expect((await buy('coupon=THANKS-1')).text).toContain('The code THANKS-1 is not valid now.');
    changePromotion(sandbox.content, id, { end_date: '2026-01-02T00:00:00Z' });
    expect((await buy('coupon=THANKS-1')).text).toContain('The code THANKS-1 is not valid any more.');
    expect(sandbox.content.orders.size).toBe(count);
  });

  it('leaves a code for another try when the payment fails', async () => {
    const { id } = createPromotion(sandbox.content);
    addCode(sandbox.content, id, { code: 'THANKS-1', max_uses: 1 });
    expect((await buy('coupon=THANKS-1&payment=failed')).path).toBe('/cart.php?payment=failed');
    expect(findCode(sandbox.content, 'THANKS-1')?.current_uses).toBe(0);
    expect((await buy('coupon=THANKS-1&payment=awaiting')).path).toBe('/checkout/order-confirmation');
    expect(findCode(sandbox.content, 'THANKS-1')?.current_uses).toBe(1);
  });

  it('shows nothing of a code that could break its page', async () => {
    const response = await fetch(`${sandbox.storefrontUrl}/cart.php?problem=unknown&code=%3Cb%3E%7Bx%7D`);
    const text = await response.text();
    expect([response.status, text.includes('<b>{x}')]).toEqual([200, false]);
    expect(text).toContain('We know no coupon code &lt;b&gt;{x}.');
    const other = await fetch(`${sandbox.storefrontUrl}/cart.php?problem=toString&code=A`);
    expect(await other.text()).not.toContain('role="alert"');
  });
});
