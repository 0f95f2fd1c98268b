import { existsSync, readFileSync } from 'node:fs';
import vm from 'node:vm';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OrderEvent } from '../../examples/sandbox/bigcommerce/orders.js';
import { PRODUCTS, type Sandbox, SHOPPERS, startSandbox } from '../../examples/sandbox/sandbox.js';

const SPECIFICATIONS = new URL('../../../shared/specs/bigcommerce/', import.meta.url);
const hasSpecifications = existsSync(SPECIFICATIONS);
const reason = hasSpecifications ? '' : ' (skipped: the specifications are not beside the repository)';
const INCLUDED = ['billingAddress', 'coupons', 'currency', 'lineItems'];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ ports: 'free' });
});
afterEach(async () => {
  await sandbox.setScripts();
  sandbox.setWidgets();
  sandbox.setVerification();
});
afterAll(() => sandbox.close());

/** A browser as far as cookies go. */
function newBrowser() {
  const cookies = new Map<string, string>();
  const visit = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${sandbox.storefrontUrl}${path}`, {
      redirect: 'manual',
      ...init,
      headers: {
        ...Object.fromEntries(new Headers(init.headers)),
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  const read = async (path: string): Promise<string> => (await visit(path)).text();
  return {
    visit,
    read,
    signIn: (key: string) => visit(`/sandbox/sign-in?as=${key}`),
    /** Orders one of the first product, and gives the order's number. */
    async order(query = ''): Promise<number> {
      await visit(`/cart.php?action=add&product_id=${PRODUCTS[0]?.id}`);
      await visit(`/checkout?${query}`);
      return Number(/order number is (\d+)/.exec(await read('/checkout/order-confirmation'))?.[1]);
    },
    async readOrder(id: number, include = INCLUDED) {
      const response = await visit(`/api/storefront/orders/${id}?include=${include}`);
      return { status: response.status, order: await response.json() };
    },
    /** What the scripts of a page leave for the SDK. */
    async config(path: string) {
      const page = await read(path);
      const window: Record<string, unknown> = {};
      for (const [, code = ''] of page.matchAll(/<script>(.*?)<\/script>/gs))
        vm.runInNewContext(code, { window, document: NO_DOCUMENT });
      return { page, config: JSON.parse(JSON.stringify(window.extoleStorefront)) };
    },
  };
}

/** What the scripts need of a page to keep room for zones, which is a browser's business. */
const NO_DOCUMENT = { createElement: () => ({}), currentScript: {}, head: { append() {} } };

describe('an order', () => {
  it('tells who bought what for how much, and with which coupons', async () => {
    const browser = newBrowser();
    const id = await browser.order('coupon=SAVE10&coupon=FRIEND5');
    expect((await browser.readOrder(id)).order).toMatchObject({
      orderId: id,
      customerId: 0,
      baseAmount: 24,
      totalDiscount: 4.8,
      orderAmount: 19.2,
      orderAmountAsInteger: 1920,
      currency: { code: 'USD', decimalPlaces: 2 },
      coupons: [
        { code: 'SAVE10', discountedAmount: 2.4 },
        { code: 'FRIEND5', discountedAmount: 2.4 },
      ],
      billingAddress: { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' },
      lineItems: { physicalItems: [{ sku: 'MUG-01', quantity: 1, extendedSalePrice: 24 }] },
    });
  });

  it('is in the currency that the shopper paid in', async () => {
    const browser = newBrowser();
    await browser.visit('/sandbox/switch?currency=EUR');
    const { order } = await browser.readOrder(await browser.order());
    expect(order).toMatchObject({ baseAmount: 22.08, orderAmount: 22.08, currency: { code: 'EUR' } });
  });

  it('takes the codes that a shopper types into one field', async () => {
    const browser = newBrowser();
    const { order } = await browser.readOrder(await browser.order('coupon=SAVE10,%20FRIEND-5%20%3Cb%3E'));
    expect(order.coupons.map(({ code }: { code: string }) => code)).toEqual(['SAVE10', 'FRIEND-5', 'b']);
  });

  it('may be of a guest with another name', async () => {
    const browser = newBrowser();
    const said = { first_name: 'Zoë', last_name: "O'Neil", email: "zoe.o'neil@example.com" };
    const { order } = await browser.readOrder(await browser.order(`${new URLSearchParams(said)}`));
    expect(order.billingAddress).toMatchObject({
      firstName: 'Zoë',
      lastName: "O'Neil",
      email: "zoe.o'neil@example.com",
    });
  });

  it('holds only what was asked for', async () => {
    const browser = newBrowser();
    const id = await browser.order();
    const offered = (order: object) => INCLUDED.filter((name) => name in order);
    expect(offered((await browser.readOrder(id, ['coupons', 'currency'])).order)).toEqual([
      'coupons',
      'currency',
    ]);
    expect(offered((await browser.readOrder(id, [])).order)).toEqual([]);
  });

  it('is for the browser that placed it and the shopper who did, and for nobody else', async () => {
    const browser = newBrowser();
    await browser.signIn('mary');
    const id = await browser.order();
    expect((await browser.readOrder(id)).order).toMatchObject({ customerId: SHOPPERS[0]?.id });

    const [stranger, otherShopper, sameShopper] = [newBrowser(), newBrowser(), newBrowser()];
    await otherShopper.signIn('zoe');
    await sameShopper.signIn('mary');
    expect((await stranger.readOrder(id)).status).toBe(404);
    expect((await otherShopper.readOrder(id)).status).toBe(404);
    expect((await sameShopper.readOrder(id)).status).toBe(200);
  });

  it('of a guest is not for other guests', async () => {
    const id = await newBrowser().order();
    const stranger = newBrowser();
    expect((await stranger.readOrder(id)).status).toBe(404);
    expect((await stranger.readOrder(id + 1)).status).toBe(404);
  });

  it("is BigCommerce's order too: first Incomplete, then what the payment makes of it", async () => {
    const told: string[] = [];
    const hear = ({ name, details }: OrderEvent): number => told.push(`${name} ${JSON.stringify(details)}`);
    sandbox.content.orderListeners.add(hear);
    const browser = newBrowser();
    await browser.signIn('mary');
    await browser.visit('/sandbox/switch?currency=EUR&language=de');
    await browser.order('coupon=SAVE10');
    const id = sandbox.content.lastOrderId;
    sandbox.content.orderListeners.delete(hear);
    expect(sandbox.content.orders.get(id)).toMatchObject({
      fields: {
        id,
        status_id: 11,
        customer_id: SHOPPERS[0]?.id,
        customer_locale: 'de',
        default_currency_code: 'EUR',
        subtotal_inc_tax: '22.0800',
        coupon_discount: '2.2100',
        total_inc_tax: '19.8700',
        billing_address: { first_name: 'Mary Ann', email: SHOPPERS[0]?.email },
      },
      products: [{ product_id: PRODUCTS[0]?.id, sku: 'MUG-01', quantity: 1 }],
      coupons: [{ code: 'SAVE10' }],
    });
    expect(told).toEqual([
      'created {}',
      'statusUpdated {"status":{"previous_status_id":0,"new_status_id":11}}',
      'updated {}',
    ]);
    const { order } = await browser.readOrder(id);
    expect([order.baseAmount, order.orderAmount]).toEqual([22.08, 19.87]);
  });

  it('that is paid later is awaited', async () => {
    const id = await newBrowser().order('payment=awaiting');
    expect(sandbox.content.orders.get(id)?.fields.status).toBe('Awaiting Payment');
  });

  it.each(['failed', 'toString'])(
    'whose payment is "%s" stays Incomplete, and the cart is kept',
    async (payment) => {
      const browser = newBrowser();
      await browser.visit(`/cart.php?action=add&product_id=${PRODUCTS[0]?.id}`);
      const answer = await browser.visit(`/checkout?payment=${payment}`);
      expect(answer.headers.get('location')).toBe('/cart.php?payment=failed');
      expect([...sandbox.content.orders.values()].at(-1)?.fields.status).toBe('Incomplete');
      const cart = await browser.read('/cart.php?payment=failed');
      expect(cart).toContain('The payment failed.');
      expect(cart).toContain('Stoneware Mug');
      expect(await browser.read('/cart.php')).not.toContain('The payment failed.');
      // The confirmation page is that of the browser's last order, of which there is none.
      expect(await browser.read('/checkout/order-confirmation')).toContain('order number is 1042');
    },
  );

  it('is the sample order for a browser that placed none', async () => {
    const browser = newBrowser();
    expect(await browser.read('/checkout/order-confirmation')).toContain('order number is 1042');
    expect(await browser.readOrder(1042)).toMatchObject({
      status: 200,
      order: { orderId: 1042, coupons: [{ code: 'WELCOME' }] },
    });
  });
});

describe('who is signed in', () => {
  const ask = async (browser: ReturnType<typeof newBrowser>): Promise<Response> => {
    const { config } = await browser.config('/');
    return browser.visit(`/customer/current.jwt?app_client_id=${config.verification.appClientId}`);
  };
  const verify = (jwt: string): Promise<Response> =>
    fetch(`${sandbox.storefrontUrl}/sandbox/app/verified-shopper`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: jwt,
    });
  const signedIn = async (): Promise<string> => {
    const browser = newBrowser();
    await browser.signIn('zoe');
    return (await ask(browser)).text();
  };
  beforeEach(() => sandbox.setScripts({ verification: true }));

  it('is told by BigCommerce in a JWT for the app, and not told of a guest', async () => {
    expect((await ask(newBrowser())).status).toBe(404);
    const jwt = await signedIn();
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims = decodeJwt(jwt);
    expect(claims).toMatchObject({
      customer: { id: 8, email: "zoe.o'neil+shop@example.com", group_id: '1' },
      iss: 'bc/apps',
      sub: 'sandbox1',
      store_hash: 'sandbox1',
      operation: 'current_customer',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
  });

  it('is proven to Extole by the app, for five minutes, to pages of any origin', async () => {
    const response = await verify(await signedIn());
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const { jwt, expires_in_seconds } = await response.json();
    expect(expires_in_seconds).toBe(300);
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'sandbox-partner-key' });
    const { iat, nbf, exp, ...said } = decodeJwt(jwt);
    expect(said).toEqual({ email: "zoe.o'neil+shop@example.com", partner_user_id: '8' });
    expect([Number(nbf) - Number(iat), Number(exp) - Number(iat)]).toEqual([-60, 300]);
  });

  it('is not proven by what BigCommerce did not sign', async () => {
    const [header = '', , signature = ''] = (await signedIn()).split('.');
    const forged = btoa(JSON.stringify({ customer: { id: 7 }, operation: 'current_customer' }));
    const ofTheApp = (await (await verify(await signedIn())).json()).jwt;
    for (const jwt of ['', 'a.b.c', `${header}.${forged}.${signature}`, ofTheApp]) {
      const response = await verify(jwt);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
    }
  });

  it('is proven late, for less time or not at all, where a test says so', async () => {
    const jwt = await signedIn();
    sandbox.setVerification({ delayMs: 300, expiresInSeconds: 60 });
    const start = performance.now();
    expect((await (await verify(jwt)).json()).expires_in_seconds).toBe(60);
    expect(performance.now() - start).toBeGreaterThan(290);
    sandbox.setVerification({ status: 503 });
    expect((await verify(jwt)).status).toBe(503);
    sandbox.setVerification();
    expect((await verify(jwt)).status).toBe(200);
  });
});

describe("the scripts on the store's pages", () => {
  const PLAIN = { programDomain: expect.any(String), channelId: 1, context: expect.any(Object) };

  it('hold no more than they have to, unless the merchant switched it on', async () => {
    const browser = newBrowser();
    expect((await browser.config('/')).config).toEqual(PLAIN);
    expect((await browser.config('/checkout/order-confirmation')).config).toEqual({
      ...PLAIN,
      zones: ['confirmation'],
    });
  });

  it('say what the merchant switched on, each where it counts', async () => {
    const browser = newBrowser();
    await sandbox.setScripts({ zones: ['product'], conversion: true, consentCategory: 'analytics' });
    expect((await browser.config('/')).config).toEqual({
      ...PLAIN,
      zones: ['product'],
      consentCategory: 'analytics',
    });
    expect((await browser.config('/checkout/order-confirmation')).config).toEqual({
      ...PLAIN,
      zones: ['confirmation'],
      conversion: true,
      consentCategory: 'analytics',
    });
  });

  it.each(['/', '/checkout/order-confirmation'])(
    'leave Extole out of %s where consent is needed, and bring a banner',
    async (path) => {
      const browser = newBrowser();
      expect((await browser.config(path)).page).not.toContain('data-consent');
      await browser.visit('/sandbox/switch?banner=on');
      const { config, page } = await browser.config(path);
      expect(config.consent).toBe('required');
      expect(page).not.toContain('/core.js');
      expect(page).toContain('data-consent="accept"');
      await newBrowser().visit('/sandbox/switch?banner=off');
      expect((await browser.config(path)).config).not.toHaveProperty('consent');
    },
  );

  it('wait for the consent that their category asks for, where BigCommerce has a banner', async () => {
    const browser = newBrowser();
    await sandbox.setScripts({ consent: 'required' });
    for (const [uuid, script] of sandbox.content.scripts) {
      sandbox.content.scripts.set(uuid, { ...script, consent_category: 'targeting' });
    }
    const page = async (consent: string): Promise<string> =>
      (await fetch(sandbox.storefrontUrl, { headers: { cookie: `sandbox_consent=${consent}` } })).text();
    expect(await page('1.2')).not.toContain('extole-storefront.js');
    expect(await page('1.2.3')).toContain('extole-storefront.js');
    await browser.visit('/sandbox/switch?banner=off');
  });

  it('bring the zones without widgets where they come by themselves', async () => {
    const browser = newBrowser();
    await browser.visit('/sandbox/switch?placing=automatic');
    const { config, page } = await browser.config('/');
    expect(config.zones).toEqual(['global_header', 'global_footer', 'product', 'overlay']);
    expect(page).not.toContain('<extole-zone');
    expect(page).toContain('data-content-region="header_bottom--global"');
  });

  it('go with all else of Extole when the merchant takes it out, and come back', async () => {
    const browser = newBrowser();
    const { scripts, widgetTemplates, placements } = sandbox.content;
    const counts = (): number[] => [scripts.size, widgetTemplates.size, placements.size];
    await browser.visit('/sandbox/switch?extole=out');
    expect(counts()).toEqual([0, 0, 0]);
    expect(await browser.read('/')).not.toMatch(/extole-storefront|extole-zone/);
    await browser.visit('/sandbox/switch?banner=on');
    expect(await browser.read('/')).toContain('data-consent="accept"');
    expect(counts()).toEqual([0, 0, 0]);
    await browser.visit('/sandbox/switch?extole=in');
    expect(counts()).toEqual([2, 1, 4]);
    const { config, page } = await browser.config('/');
    expect(config).toMatchObject({ consent: 'required', verification: expect.any(Object) });
    expect(page).toContain('<extole-zone');
    await browser.visit('/sandbox/switch?banner=off');
  });

  it('say that a page is a preview where its address does', async () => {
    const browser = newBrowser();
    expect((await browser.config('/?preview')).config).toEqual({ ...PLAIN, preview: true });
  });
});

describe.skipIf(!hasSpecifications)(`the storefront, by BigCommerce's specifications${reason}`, () => {
  const schemasOf = (file: string) =>
    parse(readFileSync(new URL(file, SPECIFICATIONS), 'utf8')).components.schemas;
  const validatorOf = (schemas: object, name: string): ValidateFunction => {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      // The pattern of phone numbers is one of the old kind.
      unicodeRegExp: false,
      formats: { int64: true, int32: true, html: true, json: true },
    });
    addFormats(ajv);
    ajv.addSchema({ components: { schemas } }, 'bigcommerce');
    return ajv.compile({ $ref: `bigcommerce#/components/schemas/${name}` });
  };

  it('answers orders of the shape Order, with members that it knows', async () => {
    const schemas = schemasOf('orders.sf.yml');
    const { properties } = schemas.Order;
    // BigCommerce contradicts itself: its own checkout reads `customerId` as a number, and `lineItems` as one object.
    properties.customerId.type = 'number';
    properties.lineItems = properties.lineItems.items;
    const isOrder = validatorOf(schemas, 'Order');
    const browser = newBrowser();
    for (const id of [1042, await browser.order('coupon=SAVE10')]) {
      const { order } = await browser.readOrder(id);
      isOrder(order);
      expect(isOrder.errors).toBe(null);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(order)));
    }
  });

  it('takes just the consents that are complete', async () => {
    const isConsent = validatorOf(schemasOf('consent.sf.yml'), 'ConsentPreferences');
    const browser = newBrowser();
    const post = async (body: object): Promise<number> =>
      (
        await browser.visit('/api/storefront/consent', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status;
    for (const complete of [
      { allow: [1, 2, 3], deny: [] },
      { allow: [2], deny: [3, 1] },
    ]) {
      expect(isConsent(complete)).toBe(true);
      expect(await post(complete)).toBe(200);
    }
    for (const body of [{ allow: [1, 2, 3] }, { allow: [1], deny: [] }, { allow: [1, 2, 4], deny: [3] }]) {
      expect(await post(body)).toBe(400);
    }
  });
});
