import type { Page, Route } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { PRODUCTS, SHOPPERS } from '../../examples/sandbox/sandbox.js';
import { storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const kettle = PRODUCTS.find(({ sku }) => sku === 'KET-01');
const CONFIRMATION = '/checkout/order-confirmation';
const ORDERS = '**/api/storefront/orders/**';
const soon = { timeout: 10_000 };

/** The conversions that Extole was told, oldest first. */
const conversions = () =>
  shop.sandbox.zoneRequests().flatMap(({ zone, data }) => (zone === 'conversion' ? [data] : []));
const zoneNames = () => shop.sandbox.zoneRequests().map(({ zone }) => zone);

/** Buys a kettle, and gives the number of the order as the confirmation page tells it. */
async function buy(page: Page, query: Record<string, string> = {}): Promise<string> {
  await page.request.get(`/cart.php?action=add&product_id=${kettle?.id}`);
  await page.goto(`/checkout?${new URLSearchParams(query)}`);
  return orderNumber(page);
}

const orderNumber = async (page: Page): Promise<string> =>
  /\d+/.exec(await page.locator('.confirmation .lead').innerText())?.[0] ?? '';

/** Waits until the page has done all that it does by itself. */
async function settle(page: Page): Promise<void> {
  await page.getByRole('dialog').waitFor();
  await page.waitForLoadState('networkidle');
}

/** Puts the confirmation page of the sample order into a frame of somebody else's page. */
async function openFramedBy(owner: string) {
  const opened = await shop.open();
  await opened.page.route(`https://${owner}`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><iframe src="${shop.sandbox.storefrontUrl}${CONFIRMATION}"></iframe>`,
    }),
  );
  await opened.page.goto(`https://${owner}`);
  return opened;
}

describe('the confirmation zone, in Chromium', () => {
  it('shows over the page, and nowhere but there', async () => {
    const { page, events, mishaps } = await shop.open();
    await page.goto('/', { waitUntil: 'networkidle' });
    expect(zoneNames()).not.toContain('confirmation');

    await page.goto(CONFIRMATION);
    await page.getByRole('dialog', { name: 'Give $20, get $20' }).waitFor();
    await expect
      .poll(events, soon)
      .toContainEqual({ type: 'rendered', name: 'confirmation', from: 'document' });
    expect(await page.locator('extole-zone').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Continue shopping' }).click();
    await page.waitForURL('/');
    expect(mishaps).toEqual([]);
  });
});

describe('an order, in Chromium', () => {
  beforeEach(() => shop.sandbox.setScripts({ conversion: true }));

  it.each(SHOPPERS)('of $firstName is told with the number and the value before discounts', async (buyer) => {
    const { page, mishaps } = await shop.open();
    await page.request.get(`/sandbox/sign-in?as=${buyer.key}`);
    const number = await buy(page, { coupon: 'WELCOME,FRIEND-20' });
    await expect.poll(conversions, soon).toEqual([
      {
        partner_conversion_id: number,
        cart_value: '79.00',
        coupon_code: 'WELCOME,FRIEND-20',
        currency: 'USD',
        email: buyer.email,
        first_name: buyer.firstName,
        ...(buyer.lastName && { last_name: buyer.lastName }),
        partner_user_id: `${buyer.id}`,
        locale: 'en',
      },
    ]);
    expect(mishaps).toEqual([]);
  });

  it('of a guest is told letter by letter, without an id, in the currency and language of the shop', async () => {
    const { page, mishaps } = await shop.open({ locale: 'de-DE' });
    await page.request.get('/sandbox/switch?currency=EUR');
    const guest = {
      first_name: '{{product.url}}',
      last_name: "O'Neil & <b>",
      email: "o'neil+shop@example.com",
    };
    const number = await buy(page, guest);
    await expect
      .poll(conversions, soon)
      .toEqual([
        { partner_conversion_id: number, cart_value: '72.68', currency: 'EUR', ...guest, locale: 'de' },
      ]);
    expect(mishaps).toEqual([]);
  });

  it('is told once however often its page is loaded, and so is the next one', async () => {
    const { page } = await shop.open();
    const first = await buy(page);
    await settle(page);
    for (let times = 0; times < 3; times += 1) {
      await page.reload();
      await settle(page);
    }
    expect(conversions().map((data) => data.partner_conversion_id)).toEqual([first]);

    const second = await buy(page);
    await settle(page);
    await page.reload();
    await settle(page);
    expect(conversions().map((data) => data.partner_conversion_id)).toEqual([first, second]);
    expect(second).not.toBe(first);
  });

  it('is told once where its page is open in two tabs, one after the other', async () => {
    const { page } = await shop.open();
    const number = await buy(page);
    await settle(page);
    const other = await page.context().newPage();
    await other.goto(CONFIRMATION);
    await settle(other);
    expect(await orderNumber(other)).toBe(number);
    expect(conversions()).toHaveLength(1);
  });

  it('is not told when that is switched off, and BigCommerce is not asked for it', async () => {
    const { page } = await shop.open();
    await shop.sandbox.setScripts();
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/api/storefront/') && asked.push(request.url()));
    await buy(page);
    await settle(page);
    expect(zoneNames()).toEqual(['confirmation']);
    expect(asked).toEqual([]);
  });

  const paid = { baseAmount: 79, currency: { code: 'USD' } };
  it.each<[what: string, answer: ((orderId: number) => Parameters<Route['fulfill']>[0]) | undefined]>([
    ['does not give it', () => ({ status: 404, json: { status: 404, title: 'Order not found' } })],
    ['answers with a page', () => ({ contentType: 'text/html', body: '<!doctype html><p>Sign in' })],
    [
      'gives it without an e-mail address',
      (orderId) => ({ json: { orderId, ...paid, billingAddress: { firstName: 'Ada' } } }),
    ],
    [
      'gives another one',
      (orderId) => ({ json: { orderId: orderId + 1, ...paid, billingAddress: { email: 'a@b.com' } } }),
    ],
    ['can not be reached', undefined],
  ])('is not told when BigCommerce %s, and is told on the next load', async (_what, answer) => {
    const { page, mishaps } = await shop.open();
    const asked: string[] = [];
    await page.route(ORDERS, async (route) => {
      const { pathname } = new URL(route.request().url());
      asked.push(pathname);
      return answer ? route.fulfill(answer(Number(pathname.split('/').pop()))) : route.abort();
    });
    const number = await buy(page);
    await settle(page);
    expect(asked).toEqual([`/api/storefront/orders/${number}`]);
    expect(zoneNames()).toEqual(['confirmation']);
    expect(mishaps).toEqual([]);

    await page.unroute(ORDERS);
    await page.reload();
    await expect.poll(() => conversions().map((data) => data.partner_conversion_id), soon).toEqual([number]);
  });

  it('is told on the next load when Extole could not be reached', async () => {
    const { page, event } = await shop.open();
    shop.sandbox.setCoreMode('error');
    const number = await buy(page);
    await event('failed', 'EXTOLE_CORE_BLOCKED');
    expect(conversions()).toEqual([]);
    shop.sandbox.setCoreMode('normal');
    await page.reload();
    await settle(page);
    await page.reload();
    await settle(page);
    expect(conversions().map((data) => data.partner_conversion_id)).toEqual([number]);
  });

  it('is told on the next load when Extole refused it, and not by a second try on this one', async () => {
    const { page, event } = await shop.open();
    const refused: string[] = [];
    await page.route('**/zones', async (route) => {
      const { event_name: name } = route.request().postDataJSON();
      if (name !== 'conversion') return route.fallback();
      refused.push(name);
      return route.abort();
    });
    const number = await buy(page);
    expect(await event('failed', 'EXTOLE_ZONE_FAILED')).toMatchObject({ name: 'conversion' });
    await page.evaluate(() => window.extoleStorefront?.q?.push(['refresh']));
    await settle(page);
    expect(refused).toEqual(['conversion']);

    await page.unroute('**/zones');
    await page.reload();
    await settle(page);
    expect(conversions().map((data) => data.partner_conversion_id)).toEqual([number]);
  });

  it.each(['partner.example/shop', 'store-abc123.mybigcommerce.com/manage/page-builder'])(
    'is told though its page is framed by %s',
    async (owner) => {
      const { page } = await openFramedBy(owner);
      await page.frameLocator('iframe').getByRole('dialog').waitFor();
      await expect
        .poll(conversions, soon)
        .toMatchObject([{ partner_conversion_id: '1042', cart_value: '182.00', coupon_code: 'WELCOME' }]);
      expect(zoneNames().sort()).toEqual(['confirmation', 'conversion']);
    },
  );
});

describe('an order where consent is required, in Chromium', () => {
  const open = async () => {
    await shop.sandbox.setScripts({ conversion: true, consent: 'required' });
    const { page } = await shop.open();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/core\.js$|^\/zones|orders/.test(pathname)) asked.push(pathname);
    });
    const number = await buy(page);
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await page.waitForLoadState('networkidle');
    return { page, asked, number };
  };
  const kept = (page: Page) => page.evaluate(() => localStorage.length);

  it('is told once the shopper agrees, and not before', async () => {
    const { page, asked, number } = await open();
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => conversions().map((data) => data.partner_conversion_id), soon).toEqual([number]);
    await page.waitForFunction(() => localStorage.getItem('extole-conversions'));
    await page.reload();
    await settle(page);
    expect(conversions()).toHaveLength(1);
  });

  it('is not told when the shopper declines, on no load', async () => {
    const { page, asked } = await open();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.reload({ waitUntil: 'networkidle' });
    expect(await page.getByRole('button', { name: 'Accept' }).isVisible()).toBe(false);
    expect(asked).toEqual([]);
    expect(await kept(page)).toBe(0);
  });
});
