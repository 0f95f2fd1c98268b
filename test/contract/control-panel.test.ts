import Fastify, { type FastifyInstance } from 'fastify';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BigCommerceApi, startBigCommerceApi } from '../../examples/sandbox/bigcommerce/api.js';
import { createHookDelivery, type HookDelivery } from '../../examples/sandbox/bigcommerce/hook-delivery.js';
import { placeOrder } from '../../examples/sandbox/bigcommerce/orders.js';
import { addCode, codesOf, createPromotion } from '../../examples/sandbox/bigcommerce/promotions.js';
import { emptyStore, type StoreContent } from '../../examples/sandbox/bigcommerce/store-content.js';
import {
  type AppInstallation,
  createAppInstallation,
} from '../../examples/sandbox/control-panel/app-installation.js';
import { type ControlPanel, startControlPanel } from '../../examples/sandbox/control-panel/control-panel.js';
import { STAFF } from '../../examples/sandbox/control-panel/staff.js';
import type { ExtoleMode } from '../../examples/sandbox/extole-api/extole-api.js';
import { listen } from '../../examples/sandbox/listen.js';

const SCOPES = { store_v2_content: 'Content: modify', store_v2_orders_read_only: 'Orders: read-only' };
const scope = Object.keys(SCOPES).join(' ');
const CREDENTIALS = { clientId: 'app-1', clientSecret: 'a secret of thirty-two characters' };
const [owner, ravi] = STAFF;
if (!owner || !ravi) throw new Error('There is no staff.');

let app: FastifyInstance;
let appUrl: string;
/** What BigCommerce asked of the app: path and JWT. */
let callbacks: [path: string, jwt: string][];
let installation: AppInstallation;
let api: BigCommerceApi;
let content: StoreContent;
let webhooks: HookDelivery;
let extole: { mode: ExtoleMode; setMode(mode: ExtoleMode): void };
let panel: ControlPanel;
let cookies: string[];

beforeEach(async () => {
  callbacks = [];
  cookies = [];
  app = Fastify();
  app.get<{ Params: { callback: string }; Querystring: { signed_payload_jwt: string } }>(
    '/:callback',
    async ({ params, query }) => {
      callbacks.push([params.callback, query.signed_payload_jwt]);
      return {};
    },
  );
  appUrl = `http://localhost:${await listen(app)}`;
  content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: new Map() });
  api = await startBigCommerceApi({ content, site: () => 'https://brand.com' });
  installation = createAppInstallation(
    { ...CREDENTIALS, name: 'Extole', summary: 'Referrals.', scopes: SCOPES, url: appUrl },
    { storeHash: 'store1', api: () => api },
  );
  webhooks = createHookDelivery({ content, clientSecretOf: () => undefined });
  extole = {
    mode: 'normal',
    setMode(mode) {
      extole.mode = mode;
    },
  };
  panel = await startControlPanel({
    content,
    storefrontUrl: 'https://brand.com',
    installation,
    surroundings: { webhooks, extole },
  });
});
afterEach(() => Promise.all([panel.close(), webhooks.close(), api.close(), app.close()]));

/** A browser that keeps cookies and follows no redirect. */
async function visit(path: string, form?: Record<string, string>) {
  const response = await fetch(`${panel.url}${path}`, {
    redirect: 'manual',
    headers: { cookie: cookies.join('; ') },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  cookies.push(...response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? ''));
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    policy: response.headers.get('content-security-policy'),
    text: await response.text(),
  };
}
type Answer = Awaited<ReturnType<typeof visit>>;

const signInAs = ({ id }: { id: number }, locale = 'en-US'): Promise<Answer> => {
  cookies = [];
  return visit('/manage/session', { staff: `${id}`, locale, back: '/manage/apps' });
};
const frameIn = ({ text }: Answer): URL =>
  new URL((/<iframe[^>]* src="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&#38;', '&'));
const acceptAndRead = async (): Promise<URLSearchParams> =>
  frameIn(await visit('/manage/apps/extole/install', {})).searchParams;

const exchangeBody = (said: URLSearchParams) => ({
  client_id: CREDENTIALS.clientId,
  client_secret: CREDENTIALS.clientSecret,
  code: said.get('code'),
  scope: said.get('scope'),
  context: said.get('context'),
  grant_type: 'authorization_code',
  redirect_uri: `${appUrl}/auth`,
});
async function exchange(body: object) {
  const response = await fetch(`${panel.url}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
const install = async (): Promise<string> =>
  (await exchange(exchangeBody(await acceptAndRead()))).body.access_token;

const claimsOf = async (jwt: string) => {
  const key = new TextEncoder().encode(CREDENTIALS.clientSecret);
  return (await jwtVerify(jwt, key, { algorithms: ['HS256'], audience: 'app-1', issuer: 'bc' })).payload;
};
const isTaken = async (accessToken: string): Promise<boolean> =>
  (await fetch(`${api.url}/stores/store1/v3/content/scripts`, { headers: { 'x-auth-token': accessToken } }))
    .ok;

describe('installing an app', () => {
  it('shows what it asks for, and frames its /auth with a code once that is accepted', async () => {
    const asked = await visit('/manage/apps/extole/install');
    for (const told of Object.entries(SCOPES).flat()) expect(asked.text).toContain(told);
    expect(asked.text).not.toContain('<iframe');
    const frame = frameIn(await visit('/manage/apps/extole/install', {}));
    expect(`${frame.origin}${frame.pathname}`).toBe(`${appUrl}/auth`);
    expect(Object.fromEntries(frame.searchParams)).toEqual({
      account_uuid: expect.stringMatching(/^[\da-f-]{36}$/),
      code: expect.stringMatching(/^\w{32}$/),
      context: 'stores/store1',
      scope,
    });
  });

  it('gives the app a token that the API takes, and says whose it is', async () => {
    const { status, body } = await exchange(exchangeBody(await acceptAndRead()));
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        scope,
        user: { id: owner.id, username: owner.email, email: owner.email },
        owner: { id: owner.id, username: owner.email, email: owner.email },
        context: 'stores/store1',
        account_uuid: expect.any(String),
      },
    ]);
    expect(await isTaken(body.access_token)).toBe(true);
    expect(installation.isInstalled).toBe(true);
  });

  it.each([
    ['client_id', 401, 'invalid_client'],
    ['client_secret', 401, 'invalid_client'],
    ['code', 400, 'invalid_grant'],
    ['context', 400, 'invalid_grant'],
    ['redirect_uri', 400, 'invalid_grant'],
    ['scope', 400, 'invalid_scope'],
    ['grant_type', 400, 'invalid_request'],
  ])('gives no token for another %s', async (member, status, error) => {
    const body = { ...exchangeBody(await acceptAndRead()), [member]: 'x' };
    expect(await exchange(body)).toMatchObject({ status, body: { error } });
    expect(installation.isInstalled).toBe(false);
  });

  it('takes a code once, and for ten minutes', async () => {
    const body = exchangeBody(await acceptAndRead());
    expect((await exchange(body)).status).toBe(200);
    expect((await exchange(body)).status).toBe(400);
    const late = exchangeBody(await acceptAndRead());
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 600_001);
    expect((await exchange(late)).status).toBe(400);
    vi.restoreAllMocks();
  });

  it('is for the owner only', async () => {
    await signInAs(ravi);
    expect((await visit('/manage/apps')).text).not.toContain('/manage/apps/extole/install');
    expect((await visit('/manage/apps/extole/install', {})).status).toBe(403);
  });

  it('kills the former token when the app is accepted again', async () => {
    const former = await install();
    const token = await install();
    expect([await isTaken(former), await isTaken(token)]).toEqual([false, true]);
  });

  it('may begin on another site, in a window that tells how it ended', async () => {
    const { location } = await visit('/app/app-1/install');
    const asked = await visit(location);
    expect(asked.text).toContain('name="external" value="true"');
    expect(asked.text).not.toContain('<nav');
    const leave = await visit('/manage/apps/extole/install', { external: 'true' });
    expect(new URL(leave.location).searchParams.get('external_install')).toBe('true');
    expect((await visit('/app/app-1/install/succeeded')).text).toContain('Extole is installed');
    expect((await visit('/app/app-1/install/failed')).text).toContain('Extole was not installed');
    expect((await visit('/app/app-2/install')).status).toBe(404);
  });
});

describe('opening an app', () => {
  it('frames its /load with a JWT of now, for who is signed in and in the language of theirs', async () => {
    await install();
    await signInAs(owner, 'ja-JP');
    const opened = await visit('/manage/app/extole');
    const frame = frameIn(opened);
    expect(`${frame.origin}${frame.pathname}`).toBe(`${appUrl}/load`);
    expect(opened.policy).toContain(`frame-src ${appUrl};`);
    const jwt = frame.searchParams.get('signed_payload_jwt') ?? '';
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const claims = await claimsOf(jwt);
    const iat = Number(claims.iat);
    expect(Math.abs(iat - Date.now() / 1_000)).toBeLessThan(5);
    expect(claims).toEqual({
      aud: 'app-1',
      iss: 'bc',
      iat,
      nbf: iat - 5,
      exp: iat + 86_400,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
      sub: 'stores/store1',
      user: { id: owner.id, email: owner.email, locale: 'ja-JP' },
      owner: { id: owner.id, email: owner.email },
      url: '/',
      channel_id: null,
    });
    const again = frameIn(await visit('/manage/app/extole')).searchParams.get('signed_payload_jwt') ?? '';
    expect((await claimsOf(again)).jti).not.toBe(claims.jti);
  });

  it('is for users whom the owner lets in, until their access is removed, which the app is told', async () => {
    await install();
    const opens = async (): Promise<number> => {
      await signInAs(ravi);
      return (await visit('/manage/app/extole')).status;
    };
    const setAccess = async (may_open: string): Promise<Answer> => {
      await signInAs(owner);
      return visit('/manage/apps/extole/access', { staff: `${ravi.id}`, may_open });
    };
    expect(await opens()).toBe(403);
    expect((await setAccess('yes')).status).toBe(303);
    expect(await opens()).toBe(200);
    expect(callbacks).toEqual([]);
    await setAccess('no');
    expect(await opens()).toBe(403);
    const [[callback = '', jwt = ''] = []] = callbacks;
    expect([callback, (await claimsOf(jwt)).user]).toMatchObject(['remove_user', { id: ravi.id }]);
    await signInAs(ravi);
    const itself = { staff: `${ravi.id}`, may_open: 'yes' };
    expect((await visit('/manage/apps/extole/access', itself)).status).toBe(403);
  });

  it('is not possible before it is installed', async () => {
    expect((await visit('/manage/app/extole')).status).toBe(403);
  });
});

describe('uninstalling an app', () => {
  it('takes its token, and tells it once it is out', async () => {
    const token = await install();
    expect((await visit('/manage/apps/extole/uninstall', {})).location).toBe('/manage/apps?done=uninstalled');
    const [[callback = '', jwt = ''] = []] = callbacks;
    expect([callback, await claimsOf(jwt)]).toMatchObject([
      'uninstall',
      { sub: 'stores/store1', user: { id: owner.id } },
    ]);
    expect([installation.isInstalled, await isTaken(token)]).toEqual([false, false]);
  });

  it('happens whether the app answers or not', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const token = await install();
    await app.close();
    expect((await visit('/manage/apps/extole/uninstall', {})).status).toBe(303);
    expect([installation.isInstalled, await isTaken(token), said.mock.calls.length]).toEqual([
      false,
      false,
      1,
    ]);
    said.mockRestore();
  });
});

describe('the orders', () => {
  const ORDERS = '/manage/orders';
  /** Sends a form of the page; where it leads says what was done. */
  const submit = async (action: string, form: Record<string, string>) => {
    const { status, location } = await visit(`${ORDERS}/${action}`, form);
    return [status, location];
  };
  /** What the page says of an order, without its forms' choices. */
  const cardOf = async (id: number): Promise<string> => {
    const { text } = await visit(ORDERS);
    return new RegExp(`<li class="card" aria-label="Order ${id}">(.*?)</li>`, 's').exec(text)?.[1] ?? '';
  };

  it('are there, the newest first, with who bought for how much and in which status', async () => {
    expect((await visit(ORDERS)).text).toContain('There are none yet.');
    const buyer = { id: 7, firstName: '<b>Mary', lastName: 'Evans', email: 'mary@example.com' };
    placeOrder(content, { id: 5, buyer, currency: 'EUR' });
    placeOrder(content, { id: 6, statusId: 7 });
    const card = await cardOf(5);
    expect(card).toContain('&#60;b&#62;Mary Evans, mary@example.com');
    expect(card).toContain('24.00 EUR');
    expect(card).toContain('<option value="11" selected>Waiting to be packed</option>');
    const { text } = await visit(ORDERS);
    expect(text.indexOf('Order 6')).toBeLessThan(text.indexOf('Order 5'));
  });

  it('change their status', async () => {
    placeOrder(content, { id: 5 });
    expect(await submit('status', { id: '5', status_id: '2' })).toEqual([303, `${ORDERS}?done=status`]);
    expect(content.orders.get(5)?.fields.status).toBe('Shipped');
    expect((await visit(`${ORDERS}?done=status`)).text).toContain('The status was changed.');
  });

  it('are refunded, in part and wholly, and no further', async () => {
    placeOrder(content, { id: 5 });
    await submit('refund', { id: '5', amount: '10' });
    expect(await cardOf(5)).toContain('of which 10.00 USD was given back');
    expect(await cardOf(5)).toContain('value="14.00"');
    const tooMuch = await visit(`${ORDERS}/refund`, { id: '5', amount: '14.01' });
    expect([tooMuch.status, tooMuch.text]).toEqual([422, expect.stringContaining('14.00 can be refunded.')]);
    await submit('refund', { id: '5', amount: '14' });
    expect(content.orders.get(5)?.fields.status).toBe('Refunded');
    expect(await cardOf(5)).not.toContain('name="amount"');
  });

  it('are archived', async () => {
    placeOrder(content, { id: 5 });
    expect(await cardOf(5)).toContain('Archive');
    await submit('archive', { id: '5' });
    expect(content.orders.get(5)?.fields.is_deleted).toBe(true);
    expect(await cardOf(5)).toContain('archived');
    expect(await cardOf(5)).not.toContain('<button class="danger">');
  });

  it('that do not exist are not changed', async () => {
    for (const action of ['status', 'refund', 'archive'])
      expect((await submit(action, { id: '5', status_id: '2', amount: '1' }))[0]).toBe(404);
    expect((await submit('status', { id: '5' }))[0]).toBe(400);
  });

  it('have webhooks, which can be silenced', async () => {
    const chosen = async () =>
      /name="choice">.*?value="(\w+)" selected/.exec((await visit(ORDERS)).text)?.[1];
    expect([await chosen(), webhooks.isSilent]).toEqual(['on', false]);
    await submit('webhooks', { choice: 'silent' });
    expect([await chosen(), webhooks.isSilent]).toEqual(['silent', true]);
    await submit('webhooks', { choice: 'on' });
    expect([await chosen(), webhooks.isSilent]).toEqual(['on', false]);
    expect((await submit('webhooks', { choice: 'toString' }))[0]).toBe(400);
    expect(await submit('nudge', {})).toEqual([303, `${ORDERS}?done=nudge`]);
  });

  it("go to Extole's API, which can be down", async () => {
    await submit('extole', { choice: 'error' });
    expect(extole.mode).toBe('error');
    expect((await visit(ORDERS)).text).toContain('<option value="error" selected>is down</option>');
    expect((await submit('extole', { choice: 'flaky' }))[0]).toBe(400);
  });

  it('are not there where nobody is told of them', async () => {
    const other = await startControlPanel({ content, storefrontUrl: 'https://brand.com', installation });
    expect((await fetch(`${other.url}${ORDERS}`)).status).toBe(404);
    expect(await (await fetch(other.appsUrl)).text()).not.toContain(ORDERS);
    await other.close();
  });
});

describe('the promotions', () => {
  const PROMOTIONS = '/manage/promotions';
  const FORM = {
    name: 'Advocates',
    type: 'BULK',
    code: '',
    amount: '10',
    unit: 'percent',
    max_uses: '',
    last_day: '',
  };
  const create = (said: Partial<typeof FORM>): Promise<Answer> =>
    visit(`${PROMOTIONS}/create`, { ...FORM, ...said });
  const only = () => [...content.promotions.values()];

  it('are created: in bulk, with a single code, or automatic', async () => {
    expect((await visit(PROMOTIONS)).text).toContain('There are none yet.');
    expect((await create({ max_uses: '100', last_day: '2026-12-31' })).location).toBe(
      `${PROMOTIONS}?done=create`,
    );
    await create({ name: 'Friends', type: 'SINGLE', code: 'FRIEND', amount: '5', unit: 'amount' });
    await create({ name: 'Everybody', type: 'AUTOMATIC' });
    expect(only()).toMatchObject([
      {
        id: 1,
        name: 'Advocates',
        coupon_type: 'BULK',
        max_uses: 100,
        end_date: '2026-12-31T23:59:59+00:00',
        rules: [{ action: { cart_value: { discount: { percentage_amount: '10' } } } }],
      },
      {
        name: 'Friends',
        coupon_type: 'SINGLE',
        max_uses: null,
        end_date: null,
        rules: [{ action: { cart_value: { discount: { fixed_amount: '5' } } } }],
      },
      { name: 'Everybody', redemption_type: 'AUTOMATIC', coupon_type: null },
    ]);
    expect(codesOf(content, 2)).toMatchObject([{ code: 'FRIEND', max_uses: 0 }]);
    const { text } = await visit(`${PROMOTIONS}?done=create`);
    expect(text).toContain('The promotion was created.');
    expect(text).toContain('Promotion ID <b>1</b>');
    expect(text).toContain('Coupon codes in bulk · 10 % off · Enabled · 0 of 100 uses · ends 2026-12-31');
    expect(text).toContain('A single coupon code · 5 USD off · Enabled · 0 uses');
    expect(text.indexOf('Everybody')).toBeLessThan(text.indexOf('Advocates'));
  });

  it('are not created without what they need', async () => {
    createPromotion(content);
    addCode(content, 1, { code: 'FRIEND' });
    const noCode = await create({ type: 'SINGLE' });
    expect([noCode.status, noCode.text]).toEqual([422, expect.stringContaining('needs its code.')]);
    const taken = await create({ type: 'SINGLE', code: 'friend' });
    expect([taken.status, taken.text]).toEqual([422, expect.stringContaining('friend is in use already.')]);
    for (const said of [
      { name: ' ' },
      { amount: '0' },
      { max_uses: '0' },
      { last_day: 'soon' },
      { type: 'GIFT' },
    ])
      expect((await create(said)).status, JSON.stringify(said)).toBe(400);
    expect(only()).toHaveLength(1);
  });

  it('are disabled, enabled, and deleted with their codes', async () => {
    createPromotion(content, { name: '<b>Friends' });
    addCode(content, 1, { code: 'FRIEND', max_uses: 1 });
    const { text } = await visit(PROMOTIONS);
    expect(text).toContain('&#60;b&#62;Friends');
    expect(text).toContain('<td><code>FRIEND</code></td><td>0 of 1</td><td>any number</td>');
    await visit(`${PROMOTIONS}/status`, { id: '1', status: 'DISABLED' });
    expect(only()[0]?.status).toBe('DISABLED');
    expect((await visit(PROMOTIONS)).text).toContain('value="ENABLED"');
    await visit(`${PROMOTIONS}/status`, { id: '1', status: 'ENABLED' });
    expect(only()[0]?.status).toBe('ENABLED');
    expect((await visit(`${PROMOTIONS}/delete`, { id: '1' })).location).toBe(`${PROMOTIONS}?done=delete`);
    expect([content.promotions.size, content.couponCodes.size]).toEqual([0, 0]);
    expect((await visit(`${PROMOTIONS}/status`, { id: '1', status: 'ENABLED' })).status).toBe(404);
  });
});

it('leads back to the page on which the user was changed, and nowhere else', async () => {
  const back = async (to: string): Promise<string> =>
    (await visit('/manage/session', { staff: `${ravi.id}`, locale: 'de-DE', back: to })).location;
  expect(await back('/manage/apps')).toBe(`${panel.url}/manage/apps`);
  expect(await back('https://evil.example/')).toBe(`${panel.url}/`);
});
