import { decodeJwt } from 'jose';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { PRODUCTS, type ZoneRequest } from '../../examples/sandbox/sandbox.js';
import { VERIFICATION_PATH } from '../../examples/sandbox/storefront-api.js';
import { SDK, serve, storefrontBrowser } from '../support/storefront-browser.js';

const shop = storefrontBrowser();
const mugPath = PRODUCTS[0]?.path ?? '';
const APP = `**${VERIFICATION_PATH}`;
const CURRENT_CUSTOMER = '**/customer/current.jwt?*';
const soon = { timeout: 10_000 };
const unverified = (count: number) => Array(count).fill(null);

/** The JWT that a zone came with; `null` where it went unverified. */
const jwtOf = ({ body }: ZoneRequest): unknown =>
  typeof body === 'object' && body !== null && 'jwt' in body ? body.jwt : 'no zone request';
const jwts = () => shop.sandbox.zoneRequests().map(jwtOf);
/** For whom Extole takes the shopper by each zone's JWT, and how long it may. */
const proofs = () =>
  jwts().map((jwt) => {
    if (typeof jwt !== 'string') return jwt;
    const { partner_user_id, email, iat = 0, exp = 0 } = decodeJwt(jwt);
    return { partner_user_id, email, seconds: exp - iat };
  });
const mary = { partner_user_id: '7', email: 'mary.ann@example.com', seconds: 300 };

/** Opens a fresh profile in which somebody is signed in, or a guest. */
async function openAs(key: string) {
  const opened = await shop.open();
  await opened.page.request.get(`/sandbox/sign-in?as=${key}`);
  const asked: string[] = [];
  opened.page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === VERIFICATION_PATH) asked.push('app');
    if (pathname === '/customer/current.jwt') asked.push('BigCommerce');
  });
  return { ...opened, asked };
}

const refresh = (page: Page) => page.evaluate(() => window.extoleStorefront?.q?.push(['refresh']));

/** Asks for all zones again, and waits until Extole is asked for them. */
async function askAgain(page: Page): Promise<void> {
  shop.sandbox.clearZoneRequests();
  await refresh(page);
  await expect.poll(() => shop.sandbox.zoneRequests().length, soon).toBe(4);
}

describe('a shopper whom the app verifies, in Chromium', () => {
  beforeEach(() => shop.sandbox.setScripts({ verification: true }));

  it('is proved to Extole by each zone, with one question', async () => {
    const { page, asked, mishaps } = await openAs('mary');
    await page.goto(mugPath);
    await shop.requests(4);
    expect(proofs()).toEqual(Array(4).fill(mary));
    await askAgain(page);
    expect(proofs()).toEqual(Array(4).fill(mary));
    expect(asked).toEqual(['BigCommerce', 'app']);
    expect(mishaps).toEqual([]);
  });

  it('is asked about by nobody when it is a guest', async () => {
    const { page, asked } = await openAs('guest');
    await page.goto(mugPath);
    await shop.requests(4);
    await page.waitForLoadState('networkidle');
    expect(jwts()).toEqual(unverified(4));
    expect(asked).toEqual([]);
  });

  it('is asked about by nobody when that is switched off', async () => {
    await shop.sandbox.setScripts();
    const { page, asked } = await openAs('mary');
    await page.goto(mugPath);
    await shop.requests(4);
    await page.waitForLoadState('networkidle');
    expect(jwts()).toEqual(unverified(4));
    expect(asked).toEqual([]);
  });

  it('stays unnamed for a zone that shall not tell who it is', async () => {
    const { page } = await openAs('mary');
    shop.sandbox.setWidgets([
      {
        id: '5f6c8d1e-0000-4b1c-9a7e-000000000001',
        region: 'header_bottom--global',
        configuration: { zone: 'global_header', email: false, partner_user_id: false },
      },
      {
        id: '5f6c8d1e-0000-4b1c-9a7e-000000000002',
        region: 'ssl_site_seal--global',
        configuration: { zone: 'global_footer', email: false },
      },
    ]);
    await page.goto(mugPath);
    await shop.requests(2);
    expect(
      Object.fromEntries(shop.sandbox.zoneRequests().map((request) => [request.zone, typeof jwtOf(request)])),
    ).toEqual({ global_header: 'object', global_footer: 'string' });
  });

  it('does not hold its zones up when the app is slow, and is verified by the zones after its answer', async () => {
    const { page } = await openAs('mary');
    let answer = (): void => {};
    const isTime = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let isAnswered = false;
    await page.route(APP, async (route) => {
      await isTime;
      isAnswered = true;
      await route.continue();
    });
    await page.goto(mugPath, { waitUntil: 'commit' });
    await shop.requests(4);
    await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
    expect(isAnswered).toBe(false);
    expect(jwts()).toEqual(unverified(4));

    answer();
    await expect
      .poll(async () => {
        await askAgain(page);
        return proofs();
      }, soon)
      .toEqual(Array(4).fill(mary));
  });

  it.each([
    ['the app fails', APP, { status: 500, json: { jwt: 'a.b.c', expires_in_seconds: 300 } }],
    ['the app does not take it', APP, { status: 401, json: { status: 401 } }],
    ['the app answers with a page', APP, { status: 200, contentType: 'text/html', body: '<p>Hello' }],
    ['the app can not be reached', APP, undefined],
    ['BigCommerce knows nobody', CURRENT_CUSTOMER, { status: 404, body: '' }],
    ['BigCommerce answers with a page', CURRENT_CUSTOMER, { status: 200, body: '<p>Sign in' }],
  ])('goes unverified, and shows all zones, when %s', async (_what, address, answer) => {
    const { page, asked, mishaps } = await openAs('mary');
    await page.route(address, (route) => (answer ? route.fulfill(answer) : route.abort()));
    await page.goto(mugPath);
    expect((await shop.requests(4)).product).toMatchObject({ partner_user_id: '7' });
    await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
    await askAgain(page);
    expect(jwts()).toEqual(unverified(4));
    // It is not asked about again by each zone.
    expect(asked).toEqual(address === APP ? ['BigCommerce', 'app'] : ['BigCommerce']);
    expect(mishaps).toEqual([]);
  });

  it('goes unverified when somebody else has signed in by another tab', async () => {
    const other = await openAs('zoe');
    const zoe = await other.page.request.get('/customer/current.jwt?app_client_id=sandbox-app');
    const jwt = await zoe.text();
    expect(decodeJwt(jwt)).toMatchObject({ customer: { id: 8 } });

    const { page, asked } = await openAs('mary');
    await page.route(CURRENT_CUSTOMER, (route) => route.fulfill({ contentType: 'text/plain', body: jwt }));
    await page.goto(mugPath);
    await shop.requests(4);
    expect(jwts()).toEqual(unverified(4));
    expect(asked).toEqual(['BigCommerce']);
  });

  it('is no longer proved once it has signed out, on this page and the next', async () => {
    const { page, asked } = await openAs('mary');
    await page.goto(mugPath);
    await shop.requests(4);
    await page.locator('extole-zone[name=product] :text("friend")').first().waitFor();
    shop.sandbox.clearZoneRequests();
    await page.evaluate(() => window.extoleStorefront?.q?.push(['logout']));
    expect((await shop.requests(4)).product).not.toHaveProperty('partner_user_id');
    expect(jwts()).toEqual(unverified(4));

    shop.sandbox.clearZoneRequests();
    await page.goto(`/sandbox/sign-in?as=guest&back=${mugPath}`, { waitUntil: 'networkidle' });
    expect(jwts()).toEqual(unverified(4));
    expect(asked).toEqual(['BigCommerce', 'app']);
  });

  it("is verified by an app on another host, which gets BigCommerce's JWT and no cookie", async () => {
    const { page } = await openAs('mary');
    await page
      .context()
      .addCookies([
        { name: 'session', value: '1', url: 'https://app.example', sameSite: 'None', secure: true },
      ]);
    const posted: (string | undefined)[] = [];
    await page.route('https://app.example/verify', async (route) => {
      const { 'content-type': type, cookie } = await route.request().allHeaders();
      posted.push(route.request().method(), type, cookie);
      const response = await page.request.post(VERIFICATION_PATH, {
        data: route.request().postData() ?? '',
        headers: { 'content-type': 'text/plain' },
      });
      await route.fulfill({ headers: { 'access-control-allow-origin': '*' }, json: await response.json() });
    });
    await serve(page, '/elsewhere', {
      head: `<script>window.extoleStorefront = { programDomain: '${shop.sandbox.programDomain}',
        verification: { appClientId: 'sandbox-app', url: 'https://app.example/verify' }, context: { customer: { id: 7 } } }</script>`,
      body: '<extole-zone name="product"></extole-zone>',
      sdk: SDK,
    });
    await page.goto('/elsewhere');
    await shop.requests(1);
    expect(proofs()).toEqual([mary]);
    expect(posted).toEqual(['POST', expect.stringMatching(/^text\/plain/), undefined]);
  });
});

describe("a verified shopper's JWT, in Chromium", () => {
  beforeEach(() => shop.sandbox.setScripts({ verification: true }));

  const openFor = async (seconds: number) => {
    const opened = await openAs('mary');
    shop.sandbox.setVerification({ expiresInSeconds: seconds });
    await opened.page.clock.install();
    await opened.page.goto(mugPath);
    await shop.requests(4);
    expect(proofs()).toEqual(Array(4).fill({ ...mary, seconds }));
    return opened;
  };

  /** Lets so much time go by, and then no more by itself: what comes next has no deadline. */
  const goBy = async (page: Page, ms: number): Promise<void> =>
    page.clock.pauseAt((await page.evaluate(() => Date.now())) + ms);

  it('serves later zones as long as it has time left', async () => {
    const { page, asked } = await openFor(120);
    shop.sandbox.setVerification({ expiresInSeconds: 240 });
    // Half a minute is kept for the way; the test itself takes some of the rest.
    await goBy(page, 75_000);
    await askAgain(page);
    expect(proofs()).toEqual(Array(4).fill({ ...mary, seconds: 120 }));
    expect(asked).toEqual(['BigCommerce', 'app']);
  });

  it.each([
    ['has little time left', 91_000],
    ['has expired', 121_000],
  ])('is renewed, once, by the zones that come when it %s', async (_what, ms) => {
    const { page, asked } = await openFor(120);
    shop.sandbox.setVerification({ expiresInSeconds: 240 });
    await goBy(page, ms);
    await askAgain(page);
    expect(proofs()).toEqual(Array(4).fill({ ...mary, seconds: 240 }));
    expect(asked).toEqual(['BigCommerce', 'app', 'BigCommerce', 'app']);
  });

  it.each([
    ['goes on while it lives, when it can not be renewed', 91_000, { ...mary, seconds: 120 }],
    ['is not sent any more when it has expired and can not be renewed', 121_000, null],
  ])('%s', async (_what, ms, proof) => {
    const { page } = await openFor(120);
    shop.sandbox.setVerification({ status: 500 });
    await goBy(page, ms);
    await askAgain(page);
    expect(proofs()).toEqual(Array(4).fill(proof));
  });

  it('is waited for 300 ms and no longer while a slow app renews it', async () => {
    const { page } = await openFor(120);
    await page.route(APP, () => {});
    await goBy(page, 121_000);
    shop.sandbox.clearZoneRequests();
    const isRenewing = page.waitForRequest(APP);
    await refresh(page);
    await isRenewing;
    await page.clock.runFor(299);
    // What the page asked for before has come by the time that this has.
    await page.evaluate(async () => (await fetch('/assets/theme.css')).text());
    expect(jwts()).toEqual([]);
    await page.clock.runFor(1);
    await shop.requests(4);
    expect(jwts()).toEqual(unverified(4));
  });
});
