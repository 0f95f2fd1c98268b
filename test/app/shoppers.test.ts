import { createHmac } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verificationKeyPurpose } from '../../src/app/settings/settings.js';
import { verificationUrl } from '../../src/app/shoppers/verification-url.js';
import { DEFAULT_SETTINGS, type Settings } from '../../src/catalog/settings.js';
import { startTestApp, type TestApp } from '../support/app.js';

const STOREFRONT = 'https://brand.example';
const OTHER_STOREFRONT = 'https://outlet.example';
const KEY = 'k'.repeat(40);

let test: TestApp;
beforeAll(async () => {
  test = await startTestApp();
  await test.install();
});
afterAll(() => test.close());

beforeEach(async () => {
  const { db } = test.deps;
  await db.deleteFrom('channel_settings').execute();
  await db.deleteFrom('channel').execute();
  await db.updateTable('store').set({ uninstalled_at: null }).execute();
  await db
    .insertInto('channel')
    .values(
      [`${STOREFRONT}/shop/`, `${OTHER_STOREFRONT}`, null].map((url, index) => ({
        store_hash: test.storeHash,
        channel_id: index + 1,
        name: `Channel ${index + 1}`,
        platform: 'bigcommerce' as const,
        url,
        position: index,
      })),
    )
    .execute();
  await save(1);
});

/** Keeps settings of a channel, with a key that signs. */
async function save(
  channelId: number,
  options: { settings?: Partial<Settings>; key?: string | null; sameAs?: number | null } = {},
): Promise<void> {
  const { settings = {}, key = KEY, sameAs = null } = options;
  const row = {
    same_as: sameAs,
    settings: JSON.stringify({ ...DEFAULT_SETTINGS, programDomain: 'share.brand.com', ...settings }),
    revision: 1,
    saved_at: test.deps.now(),
    saved_by: 100,
    verification_key:
      key === null ? null : test.deps.secrets.seal(key, verificationKeyPurpose(test.storeHash, channelId)),
    verification_key_id: key === null ? null : `key-${channelId}`,
  };
  await test.deps.db
    .insertInto('channel_settings')
    .values({ store_hash: test.storeHash, channel_id: channelId, ...row })
    .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
    .execute();
}

const seconds = (): number => Math.floor(test.clock.timeMs / 1_000);

/** What BigCommerce says of somebody who is signed in; what is `undefined` in `changes` is left out. */
const claims = (changes: Readonly<Record<string, unknown>> = {}) => ({
  customer: { id: 4927, email: 'john.doe@example.com', group_id: '6' },
  iss: 'bc/apps',
  sub: test.storeHash,
  iat: seconds(),
  exp: seconds() + 900,
  version: 1,
  aud: test.config.clientId,
  application_id: test.config.clientId,
  store_hash: test.storeHash,
  operation: 'current_customer',
  ...changes,
});

const sign = (
  payload: Readonly<Record<string, unknown>> = claims(),
  { alg = 'HS256', secret = test.config.clientSecret }: { alg?: string; secret?: string } = {},
): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).sign(Buffer.from(secret));

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

function verify(body: string, headers: Readonly<Record<string, string>> = { origin: STOREFRONT }) {
  return test.app.inject({
    method: 'POST',
    url: new URL(verificationUrl(test.config)).pathname,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
    payload: body,
  });
}

describe('a shopper who is signed in', () => {
  it("is proved to Extole by the storefront's key", async () => {
    const answer = await verify(await sign());
    expect(answer.statusCode).toBe(200);
    const { jwt, ...rest } = answer.json();
    expect(rest).toEqual({ expires_in_seconds: 300 });
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'key-1' });
    const { payload } = await jwtVerify(jwt, Buffer.from(KEY), { currentDate: test.deps.now() });
    expect(payload).toEqual({
      email: 'john.doe@example.com',
      partner_user_id: '4927',
      iat: seconds(),
      nbf: seconds() - 60,
      exp: seconds() + 300,
    });
  });

  it('is told to the page that asked, and kept by nobody', async () => {
    const { headers } = await verify(`${await sign()}\n`);
    expect(headers).toMatchObject({
      'access-control-allow-origin': STOREFRONT,
      vary: expect.stringContaining('Origin'),
      'cache-control': 'no-store',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is proved by the key of the storefront whose settings count', async () => {
    await save(2, { sameAs: 1, key: null, settings: { isEnabled: false } });
    const { jwt } = (await verify(await sign(), { origin: OTHER_STOREFRONT })).json();
    expect(decodeProtectedHeader(jwt).kid).toBe('key-1');
    await expect(jwtVerify(jwt, Buffer.from(KEY), { currentDate: test.deps.now() })).resolves.toBeDefined();
  });

  it('leaves no trace of who that is in the log', async () => {
    const jwt = await sign();
    await verify(jwt);
    await verify(`${jwt}x`);
    for (const secret of ['john.doe', '4927', jwt, jwt.split('.')[2] ?? '', KEY]) {
      expect(test.logged()).not.toContain(secret);
    }
  });
});

describe('who is refused', () => {
  /** What is refused says nothing of why, nor of whom. */
  const expectRefusal = async (answer: ReturnType<typeof verify>, status: number, code: string) => {
    const { statusCode, headers, body, json } = await answer;
    expect([statusCode, json().code]).toEqual([status, code]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: expect.stringContaining('Origin') });
    expect(body).not.toMatch(/john|4927|store1|eyJ/);
    return headers['access-control-allow-origin'];
  };
  const expectInvalid = async (jwt: string) =>
    expect(await expectRefusal(verify(jwt), 401, 'SHOPPER_JWT_INVALID')).toBeUndefined();

  it.each([
    ['nobody', ''],
    ['a word', 'hello'],
    ['an unsigned JWT', 'a.b.'],
    ['much', 'a.b.c'.repeat(1_000)],
  ])('comes with %s', (_what, body) => expectInvalid(body));

  it('comes with a JWT without a signature', async () => {
    await expectInvalid(`${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`);
  });

  it('comes with a JWT that somebody else signed', async () => {
    await expectInvalid(await sign(claims(), { secret: 's'.repeat(64) }));
  });

  it('comes with a JWT that was changed', async () => {
    const [header, , signature] = (await sign()).split('.');
    const changed = part(claims({ customer: { id: 1, email: 'mary@example.com', group_id: '6' } }));
    await expectInvalid(`${header}.${changed}.${signature}`);
  });

  it.each(['HS384', 'HS512'])('comes with a JWT that is signed in another way: %s', async (alg) => {
    await expectInvalid(await sign(claims(), { alg }));
  });

  it('comes with a JWT that says HS512 and is signed as HS256', async () => {
    const text = `${part({ alg: 'HS512', typ: 'JWT' })}.${part(claims())}`;
    const signature = createHmac('sha256', test.config.clientSecret).update(text).digest('base64url');
    await expectInvalid(`${text}.${signature}`);
  });

  it.each([
    ['another app', { aud: 'another-client-id' }],
    ['another issuer', { iss: 'bc' }],
    ['no issuer', { iss: undefined }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['another operation', { operation: 'customer_login' }],
    ['no operation', { operation: undefined }],
    ['two stores', { sub: 'store2' }],
    ['no store', { store_hash: undefined }],
    ['nobody', { customer: undefined }],
    ['a guest', { customer: { id: 0, email: 'guest@example.com', group_id: '0' } }],
    ['a negative id', { customer: { id: -1, email: 'a@example.com', group_id: '0' } }],
    ['an id in words', { customer: { id: '4927', email: 'a@example.com', group_id: '0' } }],
    ['no e-mail', { customer: { id: 4927, email: '', group_id: '0' } }],
    ['no id', { customer: { email: 'a@example.com', group_id: '0' } }],
  ])('comes with a JWT for %s', async (_what, changes) => {
    await expectInvalid(await sign(claims(changes)));
  });

  it('comes with a JWT that has ended, beyond what clocks differ', async () => {
    const jwt = await sign(claims({ exp: seconds() + 10 }));
    const start = test.clock.timeMs;
    test.clock.timeMs = start + 14_000;
    expect((await verify(jwt)).statusCode).toBe(200);
    test.clock.timeMs = start + 15_000;
    await expectInvalid(jwt);
    test.clock.timeMs = start;
  });

  it('comes with a JWT that does not hold yet, beyond what clocks differ', async () => {
    expect((await verify(await sign(claims({ nbf: seconds() + 5 })))).statusCode).toBe(200);
    await expectInvalid(await sign(claims({ nbf: seconds() + 6 })));
  });

  it('is of a store that never had the app', async () => {
    const jwt = await sign(claims({ sub: 'store2', store_hash: 'store2' }));
    expect(await expectRefusal(verify(jwt), 403, 'SHOPPER_ORIGIN_REFUSED')).toBeUndefined();
  });

  it('is of a store that has the app no longer', async () => {
    await test.deps.db.updateTable('store').set({ uninstalled_at: test.deps.now() }).execute();
    expect(await expectRefusal(verify(await sign()), 403, 'SHOPPER_ORIGIN_REFUSED')).toBeUndefined();
  });

  it.each([
    'https://evil.example',
    'https://brand.example.evil.example',
    'http://brand.example',
    'https://brand.example:8443',
    'https://www.brand.example',
    'https://brand.example/shop/',
    'null',
    '',
  ])("asks from a page that is not the store's: %j", async (origin) => {
    const allowed = await expectRefusal(verify(await sign(), { origin }), 403, 'SHOPPER_ORIGIN_REFUSED');
    expect(allowed).toBeUndefined();
  });

  it('asks from no page', async () => {
    const allowed = await expectRefusal(verify(await sign(), {}), 403, 'SHOPPER_ORIGIN_REFUSED');
    expect(allowed).toBeUndefined();
  });

  it.each([
    ['is switched off', { settings: { isEnabled: false } }],
    ['has no key', { key: null }],
  ])('is on a storefront that %s, and the page may know', async (_what, options) => {
    await save(1, options);
    const allowed = await expectRefusal(verify(await sign()), 404, 'SHOPPER_VERIFICATION_OFF');
    expect(allowed).toBe(STOREFRONT);
  });

  it('is on a storefront without settings of its own', async () => {
    const jwt = await sign();
    await expectRefusal(verify(jwt, { origin: OTHER_STOREFRONT }), 404, 'SHOPPER_VERIFICATION_OFF');
  });

  it('sends more than any JWT has', async () => {
    expect((await verify('a'.repeat(8_193))).statusCode).toBe(413);
    expect((await verify('a'.repeat(8_192))).statusCode).toBe(401);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'sends something else than text: %s',
    async (type) => {
      const body = JSON.stringify(await sign());
      const answer = await verify(body, { origin: STOREFRONT, 'content-type': type });
      expect(answer.statusCode).toBe(415);
    },
  );
});

describe('an address that asks too often', () => {
  it('is stopped, and no other one', async () => {
    const from = (remoteAddress: string) =>
      test.app.inject({ method: 'POST', url: '/shoppers/verify', remoteAddress, payload: '' });
    const statuses: number[] = [];
    for (let count = 0; count < 301; count += 1) statuses.push((await from('198.51.100.1')).statusCode);
    expect(statuses.indexOf(429)).toBe(300);
    expect((await from('198.51.100.2')).statusCode).not.toBe(429);
  });
});
