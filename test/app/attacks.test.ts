import { generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SaveBody } from '../../src/catalog/admin-api.js';
import { DEFAULT_SETTINGS } from '../../src/catalog/settings.js';
import { OWNER, type PayloadOptions, startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
let url: string;

beforeAll(async () => {
  test = await startTestApp();
  url = await test.app.listen({ host: '127.0.0.1', port: 0 });
});
beforeEach(async () => {
  await test.install();
});
afterAll(() => test?.close());

const CALLBACKS = ['/load', '/uninstall', '/remove_user'];

const ACTIVITY_GETS = [
  '/api/activity',
  '/api/events',
  '/api/events.csv',
  '/api/events/5c0e3a3e-6a52-4c53-9f0b-1a2b3c4d5e6f?reveal=true',
  '/api/erasures',
];
const ACTIVITY_POSTS = ['/api/events/replay', '/api/events/test', '/api/orders/import', '/api/erasures'];

/** What is left after an attack: the store has the app, and its owner may open it. */
async function expectUnharmed(): Promise<void> {
  const { db } = test.database;
  const stores = await db.selectFrom('store').select(['store_hash', 'uninstalled_at']).execute();
  expect(stores).toEqual([{ store_hash: test.storeHash, uninstalled_at: null }]);
  const users = await db.selectFrom('store_user').select(['user_id', 'email']).execute();
  expect(users).toEqual([{ user_id: OWNER.id, email: OWNER.email }]);
}

async function expectRefused(jwt: string | string[], status: number, code: string): Promise<void> {
  for (const callback of CALLBACKS) {
    const answer = await test.app.inject({ url: callback, query: { signed_payload_jwt: jwt } });
    expect([callback, answer.statusCode]).toEqual([callback, status]);
    expect(answer.body).toContain(code);
    expect(answer.body).not.toContain('extole-session');
  }
  await expectUnharmed();
}

/** A JWT as BigCommerce makes them, but for what is given. */
const payload = (options: PayloadOptions) => test.signedPayload(options);
const seconds = (fromNow: number): number => Math.floor(test.clock.timeMs / 1_000) + fromNow;

describe('a forged JWT', () => {
  it.each<[string, PayloadOptions]>([
    ['that somebody else signed', { secret: 'x'.repeat(64) }],
    ['for another app', { claims: { aud: 'another-app' } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['by another issuer', { claims: { iss: 'bigcommerce' } }],
    ['by nobody', { claims: { iss: undefined } }],
    ['for no store', { claims: { sub: undefined } }],
    ['for something else than a store', { claims: { sub: 'users/store1' } }],
    ['for a store within another', { claims: { sub: 'stores/store1/stores/other' } }],
    ['for a store by SQL', { claims: { sub: "stores/' or '1'='1" } }],
    ['without an end', { claims: { exp: undefined } }],
    ['without a beginning', { claims: { nbf: undefined } }],
    ['without a time', { claims: { iat: undefined } }],
    ['for no user', { claims: { user: undefined } }],
    ['for a user who is no number', { claims: { user: { id: '100', email: OWNER.email } } }],
    ['for a user who is no whole number', { claims: { user: { id: 1e300, email: OWNER.email } } }],
    ['of another length of HMAC', { alg: 'HS512' }],
  ])('%s is refused', async (_what, options) => {
    await expectRefused(await payload(options), 401, 'SIGNED_PAYLOAD_INVALID');
  });

  it('with the algorithm "none" is refused, however it is written', async () => {
    const [, claims = '', signature = ''] = (await payload({})).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
      await expectRefused(`${header}.${claims}.`, 401, 'SIGNED_PAYLOAD_INVALID');
      await expectRefused(`${header}.${claims}.${signature}`, 401, 'SIGNED_PAYLOAD_INVALID');
    }
  });

  it('that is signed by a key which it brings along is refused', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [, claims = ''] = (await payload({})).split('.');
    const jwt = await new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()))
      .setProtectedHeader({ alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) })
      .sign(privateKey);
    await expectRefused(jwt, 401, 'SIGNED_PAYLOAD_INVALID');
  });

  it('with other claims under the same signature is refused', async () => {
    const [header, , signature] = (await payload({})).split('.');
    const [, claims] = (await payload({ user: { id: 666, email: 'evil@evil.example' } })).split('.');
    await expectRefused(`${header}.${claims}.${signature}`, 401, 'SIGNED_PAYLOAD_INVALID');
  });

  it.each(['', 'x', '..', 'a.b.c', 'null', '{}', `${'a'.repeat(5_000)}.b.c`])(
    'that is %j is refused',
    async (jwt) => {
      await expectRefused(jwt, 401, 'SIGNED_PAYLOAD_INVALID');
    },
  );

  it('beside a true one is refused', async () => {
    await expectRefused([await payload({}), await payload({})], 401, 'SIGNED_PAYLOAD_INVALID');
  });

  it('that we signed ourselves for a session is refused', async () => {
    const { authorization } = await test.session();
    await expectRefused(authorization.slice('Bearer '.length), 401, 'SIGNED_PAYLOAD_INVALID');
  });
});

describe('a JWT at the wrong time', () => {
  it('is refused half a minute after its end, and taken before', async () => {
    const claims = { exp: seconds(-30), iat: seconds(-86_000), nbf: seconds(-86_000) };
    await expectRefused(await payload({ claims }), 401, 'SIGNED_PAYLOAD_EXPIRED');
    const jwt = await payload({ claims: { ...claims, exp: seconds(-29) } });
    expect((await test.app.inject({ url: '/load', query: { signed_payload_jwt: jwt } })).statusCode).toBe(
      200,
    );
  });

  it('is refused more than half a minute before it begins, and taken after', async () => {
    await expectRefused(await payload({ claims: { nbf: seconds(31) } }), 401, 'SIGNED_PAYLOAD_INVALID');
    const jwt = await payload({ claims: { nbf: seconds(30) } });
    expect((await test.app.inject({ url: '/load', query: { signed_payload_jwt: jwt } })).statusCode).toBe(
      200,
    );
  });

  it('is refused when it is issued in the future, or was long ago', async () => {
    await expectRefused(await payload({ claims: { iat: seconds(31) } }), 401, 'SIGNED_PAYLOAD_INVALID');
    const forever = { iat: seconds(-7 * 86_400), exp: seconds(7 * 86_400) };
    await expectRefused(await payload({ claims: forever }), 401, 'SIGNED_PAYLOAD_EXPIRED');
  });
});

describe('a JWT that was used', () => {
  it('opens nothing again, and uninstalls and removes nothing', async () => {
    const query = { signed_payload_jwt: await payload({}) };
    expect((await test.app.inject({ url: '/load', query })).statusCode).toBe(200);
    await expectRefused(query.signed_payload_jwt, 409, 'SIGNED_PAYLOAD_USED');
  });

  it('counts as used without a name of its own, too', async () => {
    const jwt = await payload({ claims: { jti: undefined } });
    expect((await test.app.inject({ url: '/load', query: { signed_payload_jwt: jwt } })).statusCode).toBe(
      200,
    );
    await expectRefused(jwt, 409, 'SIGNED_PAYLOAD_USED');
  });
});

describe("another store's session", () => {
  it("shows and changes nothing of this one's", async () => {
    const { db } = test.database;
    const { deps } = test;
    await db
      .insertInto('store')
      .values({
        store_hash: 'other',
        name: 'Other',
        scope: '',
        order_statuses: '[]',
        installed_at: deps.now(),
      })
      .execute();
    const jwt = await payload({ storeHash: 'other', user: { id: 7, email: 'seven@other.example' } });
    // BigCommerce does not answer for it, but its user is let in.
    await test.app.inject({ url: '/load', query: { signed_payload_jwt: jwt } });
    const { createSession } = await import('../../src/app/install/session.js');
    const { token } = await createSession(deps, {
      storeHash: 'other',
      userId: 7,
      locale: 'en',
      openedAt: deps.now(),
    });
    const headers = { authorization: `Bearer ${token}` };
    const state = await test.app.inject({ url: '/api/state', headers });
    expect(state.json()).toMatchObject({ store: { storeHash: 'other' }, channels: [] });
    const saved = await test.app.inject({
      method: 'PUT',
      url: '/api/channels/1',
      headers,
      payload: { revision: 0, sameAs: null, settings: DEFAULT_SETTINGS },
    });
    expect(saved.statusCode).toBe(404);
    expect(await db.selectFrom('channel_settings').select('channel_id').execute()).toEqual([]);
    await db.deleteFrom('store').where('store_hash', '=', 'other').execute();
  });

  it("does not become this one's by naming its user", async () => {
    const { deps, config, storeHash } = test;
    const token = await new SignJWT({ store: storeHash, user: 7, locale: 'en', opened_at: 0 })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(config.appUrl)
      .setAudience(`${config.appUrl}/api`)
      .setExpirationTime(seconds(60))
      .sign(deps.config.sessionKey);
    const answer = await test.app.inject({
      url: '/api/state',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'SESSION_INVALID']);
  });
});

describe('a request that another site makes a browser send', () => {
  it('does nothing, whatever cookies go along', async () => {
    const { authorization } = await test.session();
    const token = authorization.slice('Bearer '.length);
    const from = {
      origin: 'https://evil.example',
      cookie: `session=${token}; extole-session=${token}; authorization=${encodeURIComponent(authorization)}`,
      'sec-fetch-site': 'cross-site',
    };
    for (const contentType of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=b',
    ]) {
      for (const path of ['/api/session', '/api/repair', '/api/channels/1', ...ACTIVITY_POSTS]) {
        const answer = await test.app.inject({
          method: 'POST',
          url: path,
          headers: { ...from, 'content-type': contentType },
          body: `authorization=${encodeURIComponent(authorization)}&session=${token}&_method=PUT`,
        });
        expect([401, 404]).toContain(answer.statusCode);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
    }
    const preflight = await test.app.inject({
      method: 'OPTIONS',
      url: '/api/channels/1',
      headers: {
        ...from,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
    for (const table of ['job', 'event', 'order_import', 'erasure'] as const) {
      expect(await test.database.db.selectFrom(table).select('id').execute()).toEqual([]);
    }
    await expectUnharmed();
  });
});

describe('orders and events', () => {
  it.each([...ACTIVITY_GETS, ...ACTIVITY_POSTS])(
    'are nothing to whoever comes without a session to %s',
    async (path) => {
      const isGet = ACTIVITY_GETS.includes(path);
      for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Basic eDp4' }]) {
        const answer = await test.app.inject({
          method: isGet ? 'GET' : 'POST',
          url: path,
          headers,
          ...(!isGet && { payload: { filter: {}, channelId: 1, email: OWNER.email } }),
        });
        expect([answer.statusCode, answer.json().code]).toEqual([401, expect.stringMatching(/^SESSION_/)]);
        expect(answer.headers['content-type']).toMatch(/^application\/json/);
      }
    },
  );
});

describe('a deep link', () => {
  it.each([
    '//evil.example',
    'https://evil.example',
    'https:evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/..',
    '/../..//evil.example',
    '/a/../../evil',
    '/./a',
    '/%2f/evil.example',
    '/%2e%2e/evil',
    '/a//evil.example',
    'evil.example',
    '/a?next=https://evil.example',
    '/a#//evil.example',
    '/\t/evil.example',
    '/\r\nlocation: https://evil.example',
    'javascript:alert(1)',
    '/" onload="alert(1)',
    '/<script>alert(1)</script>',
    `/${'a'.repeat(500)}`,
  ])('to %j leads nowhere', async (to) => {
    const jwt = await payload({ url: to });
    const { statusCode, headers, body } = await test.app.inject({
      url: '/load',
      query: { signed_payload_jwt: jwt },
    });
    expect(statusCode).toBe(200);
    expect(headers).not.toHaveProperty('location');
    expect(body).toContain('<div id="extole-admin"></div>');
    expect(body).not.toMatch(/evil|alert/);
  });
});

describe('line ends in parameters', () => {
  it('make no header', async () => {
    const crlf = '\r\nset-cookie: evil=1\r\nx-evil: 1';
    for (const [path, query] of [
      ['/auth', { code: `code${crlf}`, scope: 'a', context: 'stores/x' }],
      ['/auth', { code: 'code', scope: 'a', context: `stores/x${crlf}`, external_install: crlf }],
      ['/load', { signed_payload_jwt: crlf }],
      [`/nowhere${encodeURIComponent(crlf)}`, {}],
    ] as const) {
      const { headers } = await test.app.inject({ url: path, query });
      expect(headers).not.toHaveProperty('set-cookie');
      expect(headers).not.toHaveProperty('x-evil');
      expect(JSON.stringify(headers)).not.toContain('evil');
    }
    expect(test.logged()).not.toContain('\\nset-cookie');
  });
});

describe('a body that is too large', () => {
  const MEGABYTE = 1_000_000;

  it('is refused before it is read, also when it does not say how large it is', async () => {
    const { authorization } = await test.session();
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(10_000).fill(120));
      },
    });
    for (const init of [{ body: 'x'.repeat(MEGABYTE) }, { body, duplex: 'half' }]) {
      const answer = await fetch(`${url}/api/channels/1`, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        ...init,
      }).catch((error: unknown) => error);
      // Whoever goes on sending finds the connection closed.
      if (!(answer instanceof Response)) continue;
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE' });
    }
    await expectUnharmed();
  });

  it('is not even looked at without a session', async () => {
    const answer = await test.app.inject({
      method: 'PUT',
      url: '/api/channels/1',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(MEGABYTE),
    });
    expect(answer.statusCode).toBe(401);
  });

  it('does not come in by headers', async () => {
    const answered = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `GET /api/state HTTP/1.1\r\nhost: app\r\nauthorization: Bearer ${'x'.repeat(100_000)}\r\n\r\n`,
        );
      });
      socket.once('data', (data) => resolve(String(data)));
      socket.once('error', reject);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('settings', () => {
  const put = async (body: unknown) =>
    test.app.inject({
      method: 'PUT',
      url: '/api/channels/1',
      headers: { ...(await test.session()), 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const saved = () => test.database.db.selectFrom('channel_settings').select('settings').execute();

  it('keep SQL and HTML in text as the text that it is', async () => {
    const texts = [
      "'; drop table store; --",
      "' or '1'='1",
      '$1; select pg_sleep(10)',
      '</script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '{{constructor.constructor("alert(1)")()}}',
      '\u2028#{process.env.SESSION_KEY}',
    ];
    const body: SaveBody = {
      revision: 0,
      sameAs: null,
      settings: {
        ...DEFAULT_SETTINGS,
        isEnabled: false,
        programLabel: texts[3] ?? '',
        customEventData: texts.map((text) => ({ key: text.slice(0, 100), value: text })),
      },
    };
    const answer = await put(body);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json().channel.settings).toEqual(body.settings);
    expect(await saved()).toEqual([{ settings: body.settings }]);
    const page = await test.app.inject({
      url: '/load',
      query: { signed_payload_jwt: await payload({}) },
    });
    expect(page.body).not.toContain('alert(1)');
    await expectUnharmed();
    await test.database.db.deleteFrom('channel_settings').execute();
  });

  it('take no text where a name, a domain or a number belongs', async () => {
    const evil = "');drop table store;--<script>";
    const { orderEvents } = DEFAULT_SETTINGS;
    for (const wrong of [
      { programDomain: evil },
      { programDomain: 'share.brand.com/<script>' },
      { consentCategory: evil },
      { orderEvents: { ...orderEvents, created: { ...orderEvents.created, name: evil } } },
      { orderEvents: { ...orderEvents, created: { ...orderEvents.created, statusIds: [evil] } } },
      { orderCreatedFields: [evil] },
      { programLabel: 'two\r\nlines' },
    ]) {
      const answer = await put({ revision: 0, sameAs: null, settings: { ...DEFAULT_SETTINGS, ...wrong } });
      expect([JSON.stringify(wrong), answer.statusCode]).toEqual([JSON.stringify(wrong), 422]);
      expect(answer.body).not.toContain('drop table');
    }
    expect(await saved()).toEqual([]);
  });

  it('take no 10,000 keys, and none that would change what objects are', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1]));
    const settings = { ...DEFAULT_SETTINGS, ...many };
    const entries = Array.from({ length: 10_000 }, (_, index) => ({ key: `${index}`, value: '' }));
    expect([413, 422]).toContain((await put({ revision: 0, sameAs: null, settings })).statusCode);
    expect([413, 422]).toContain(
      (await put({ revision: 0, sameAs: null, settings: { ...DEFAULT_SETTINGS, customEventData: entries } }))
        .statusCode,
    );
    const short = Object.fromEntries(Object.entries(many).slice(0, 5_000));
    const refused = await put({ revision: 0, sameAs: null, settings: { ...DEFAULT_SETTINGS, ...short } });
    expect([refused.statusCode, refused.body.length < 10_000]).toEqual([422, true]);
    expect((await put('{"revision":0,"__proto__":{"isAdmin":true}}')).statusCode).toBe(400);
    expect((await put('{"revision":0,"constructor":{"prototype":{"a":1}}}')).statusCode).toBe(400);
    expect(await saved()).toEqual([]);
  });
});

describe('a path out of the folder', () => {
  it.each([
    '/admin/../package.json',
    '/admin/..%2f..%2fpackage.json',
    '/admin/assets/..%2f..%2f..%2fpackage.json',
    '/admin/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/admin/.vite/manifest.json',
    '/admin/assets/..\\..\\..\\package.json',
    '/admin/assets/x%00.js',
    '/admin/',
    '/admin/assets/',
  ])('%s leads nowhere', async (path) => {
    const answered = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      // As it is written: fetch would make it a tidy one.
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nhost: app\r\nconnection: close\r\n\r\n`);
      });
      let text = '';
      socket.on('data', (data) => {
        text += String(data);
      });
      socket.once('end', () => resolve(text));
      socket.once('error', reject);
    });
    expect(answered).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answered).not.toMatch(/extole-bigcommerce|isEntry/);
  });
});
