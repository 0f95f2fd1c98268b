import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addCode, codesOf, createPromotion } from '../../examples/sandbox/bigcommerce/promotions.js';
import { installStore } from '../../src/app/install/install.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { refreshChannels, storeClient } from '../../src/app/stores/stores.js';
import type { Session } from '../../src/catalog/admin-api.js';
import { DEFAULT_SETTINGS } from '../../src/catalog/settings.js';
import { publish } from '../../src/store/publish.js';
import { COLLEAGUE, OWNER, type PayloadOptions, startTestApp, type TestApp } from '../support/app.js';

let test: TestApp;

beforeEach(async () => {
  test = await startTestApp();
});
afterEach(() => test?.close());

const SCOPE =
  'store_v2_content store_v2_orders_read_only store_v2_products_read_only store_v2_marketing store_v2_information_read_only store_channel_settings_read_only store_sites_read_only';

/** Asks as BigCommerce does, with a payload that it signed. */
async function call(path: string, options: PayloadOptions = {}): Promise<LightMyRequestResponse> {
  return test.app.inject({
    url: path,
    query: { signed_payload_jwt: await test.signedPayload(options) },
  });
}
const auth = (query: Record<string, string>) => test.app.inject({ url: '/auth', query });
const grant = (scope = SCOPE) =>
  test.login.grant({
    storeHash: test.storeHash,
    accessToken: test.api.addApp(test.config.clientId, scope.split(' ')),
    scope,
    user: { ...OWNER, username: OWNER.email },
  });

const store = () =>
  test.database.db
    .selectFrom('store')
    .selectAll()
    .where('store_hash', '=', test.storeHash)
    .executeTakeFirst();
const users = async () =>
  (await test.database.db.selectFrom('store_user').select('user_id').orderBy('user_id').execute()).map(
    ({ user_id }) => user_id,
  );
const channelSettings = () =>
  test.database.db.selectFrom('channel_settings').selectAll().executeTakeFirstOrThrow();

/** What a merchant saved, with secrets. */
async function saveSettings(isEnabled = true): Promise<void> {
  const { deps, storeHash } = test;
  await test.database.db
    .insertInto('channel_settings')
    .values({
      store_hash: storeHash,
      channel_id: 1,
      same_as: null,
      settings: JSON.stringify({ ...DEFAULT_SETTINGS, isEnabled, programDomain: 'share.brand.example' }),
      revision: 3,
      saved_at: deps.now(),
      saved_by: OWNER.id,
      access_token: deps.secrets.seal('extole-token', `extole-token:${storeHash}:1`),
      access_token_last_four: 'oken',
      access_token_saved_at: deps.now(),
      verification_key: deps.secrets.seal('verification-key', `verification-key:${storeHash}:1`),
      verification_key_id: 'key-1',
      verification_key_last_four: '-key',
      verification_key_saved_at: deps.now(),
    })
    .execute();
}

/** What the page gives its script. */
function pageOf({ statusCode, headers, body }: LightMyRequestResponse) {
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  const [, json = ''] =
    /<script type="application\/json" id="extole-session"[^>]*>([^<]*)<\/script>/.exec(body) ?? [];
  const session: Session = JSON.parse(json);
  const [, data = ''] = /<div id="extole-admin"([^>]*)>/.exec(body) ?? [];
  return {
    session,
    data: Object.fromEntries([...data.matchAll(/ data-(\w+)="([^"]*)"/g)].map((one) => one.slice(1))),
  };
}
const failureOf = ({ statusCode, body }: LightMyRequestResponse) => [
  statusCode,
  /<code>(\w+)<\/code>/.exec(body)?.[1],
];
const jobs = async () =>
  (await test.database.db.selectFrom('job').select('kind').execute()).map(({ kind }) => kind);

describe('installing the app', () => {
  it('answers with the settings page, with a session of who installed it', async () => {
    const { session } = pageOf(await test.install());
    const state = await test.app.inject({
      url: '/api/state',
      headers: { authorization: `Bearer ${session.token}` },
    });
    expect(state.json()).toMatchObject({
      store: { storeHash: 'store1', name: 'Brand' },
      user: { email: OWNER.email },
      channels: [{ channelId: 1, name: 'Brand', platform: 'bigcommerce', url: 'https://brand.example' }],
      orderStatuses: expect.arrayContaining([{ id: 11, label: 'Waiting to be packed' }]),
    });
  });

  it('tells BigCommerce who exchanges which code, at the address that is registered', async () => {
    await test.install();
    expect(test.login.exchanges).toEqual([
      {
        client_id: test.config.clientId,
        client_secret: test.config.clientSecret,
        code: expect.any(String),
        context: 'stores/store1',
        scope: SCOPE,
        grant_type: 'authorization_code',
        redirect_uri: 'https://app.example.com/auth',
      },
    ]);
  });

  it('seals the token and the secret of the webhooks', async () => {
    await test.install();
    const { access_token, webhook_secret } = (await store()) ?? {};
    const { secrets } = test.deps;
    expect(access_token && secrets.open(access_token, 'store-token:store1')).toMatch(/^[0-9a-f]{32}$/);
    expect(webhook_secret && secrets.open(webhook_secret, 'webhook-secret:store1')).toMatch(/^[\w-]{43}$/);
  });

  it('keeps settings, webhook secret and time when it is authorized again, takes the new token, and brings the store up to date', async () => {
    await test.install();
    const first = await store();
    await saveSettings();
    await test.deps.db.updateTable('store').set({ token_refused_at: test.deps.now() }).execute();
    test.clock.timeMs += 86_400_000;
    pageOf(await test.install(COLLEAGUE));
    const second = await store();
    expect(second).toMatchObject({
      installed_at: first?.installed_at,
      webhook_secret: first?.webhook_secret,
      token_refused_at: null,
    });
    expect(second?.access_token).not.toEqual(first?.access_token);
    expect(await channelSettings()).toMatchObject({ revision: 3, access_token_last_four: 'oken' });
    expect(await users()).toEqual([OWNER.id, COLLEAGUE.id]);
    expect(await jobs()).toEqual(['save']);
  });

  it.each([
    ['nothing was set', undefined],
    ['all is switched off', false],
  ])('leaves the store alone when %s', async (_what, isEnabled) => {
    await test.install();
    if (isEnabled !== undefined) await saveSettings(isEnabled);
    await test.install();
    expect(await jobs()).toEqual([]);
  });

  it('takes orders from the moment on at which it was installed, and from a later one only when it was gone meanwhile', async () => {
    let timeMs = Date.parse('2026-03-01T12:00:00Z');
    // Time passes between any two looks at the clock.
    const deps = { ...test.deps, now: () => new Date((timeMs += 1_000)) };
    const { storeHash } = test;
    const install = async () => {
      await installStore(deps, { storeHash, accessToken: 'token', scope: SCOPE, user: OWNER });
      return test.database.db.selectFrom('order_sweep').selectAll().executeTakeFirstOrThrow();
    };
    const first = await install();
    expect(first.orders_since).toEqual((await store())?.installed_at);
    expect(await install()).toEqual(first);
    await forgetStore(deps, storeHash);
    const again = await install();
    expect(again.orders_since).toEqual((await store())?.installed_at);
    expect(again.orders_since.getTime()).toBeGreaterThan(first.orders_since.getTime());
    expect(again.swept_to).toEqual(again.orders_since);
  });

  it('names the scopes that are missing, and keeps nothing', async () => {
    const scope = SCOPE.replace('store_v2_orders_read_only ', '').replace(
      'store_sites_read_only',
      'store_sites',
    );
    const answer = await auth({ code: grant(scope), scope, context: 'stores/store1' });
    expect(failureOf(answer)).toEqual([403, 'SCOPES_MISSING']);
    expect(answer.body).toContain('Orders: read-only');
    expect(answer.body).not.toContain('Sites');
    expect(await store()).toBeUndefined();
  });

  it('takes a code once', async () => {
    const query = { code: grant(), scope: SCOPE, context: 'stores/store1' };
    pageOf(await auth(query));
    expect(failureOf(await auth(query))).toEqual([403, 'INSTALL_REFUSED']);
  });

  it('refuses a grant for another store than the one that asked', async () => {
    test.login.setAnswer({
      status: 200,
      body: JSON.stringify({ access_token: 'token', scope: SCOPE, user: OWNER, context: 'stores/other' }),
    });
    expect(failureOf(await auth({ code: 'code', scope: SCOPE, context: 'stores/store1' }))).toEqual([
      403,
      'INSTALL_REFUSED',
    ]);
    expect(await store()).toBeUndefined();
  });

  it.each([
    [500, 'oops', [503, 'BIGCOMMERCE_LOGIN_UNAVAILABLE']],
    [429, '', [503, 'BIGCOMMERCE_LOGIN_UNAVAILABLE']],
    [302, '', [503, 'BIGCOMMERCE_LOGIN_UNAVAILABLE']],
    [200, '<html>', [403, 'INSTALL_REFUSED']],
    [200, '{"access_token":"a\\nb"}', [403, 'INSTALL_REFUSED']],
    [400, '{"error":"<script>alert(1)</script>"}', [403, 'INSTALL_REFUSED']],
  ])('says what to do when the login server answers %i %s', async (status, body, failure) => {
    test.login.setAnswer({ status, body });
    const answer = await auth({ code: 'code', scope: SCOPE, context: 'stores/store1' });
    expect(failureOf(answer)).toEqual(failure);
    expect(answer.body).toMatch(/Install Extole again/);
    expect(answer.body).not.toContain('alert(1)');
  });

  it.each([
    {},
    { code: 'code', scope: SCOPE },
    { code: '', scope: SCOPE, context: 'stores/store1' },
    { code: 'code', scope: SCOPE, context: 'store1' },
    { code: 'code', scope: SCOPE, context: 'stores/../../admin' },
    { code: 'co\r\nde', scope: SCOPE, context: 'stores/store1' },
  ])('refuses %j without asking BigCommerce', async (query) => {
    expect(failureOf(await auth(query))).toEqual([400, 'INSTALL_REQUEST_INVALID']);
    expect(test.login.exchanges).toEqual([]);
  });

  it('is installed though BigCommerce does not tell of its storefronts, and asks again when it is opened', async () => {
    test.api.setFault(() => ({ status: 401 }));
    expect(failureOf(await test.install())).toEqual([502, 'BIGCOMMERCE_UNAUTHORIZED']);
    test.api.setFault();
    const { session } = pageOf(await call('/load'));
    const headers = { authorization: `Bearer ${session.token}` };
    const { channels } = (await test.app.inject({ url: '/api/state', headers })).json();
    expect(channels).toHaveLength(1);
  });

  it('leads back to BigCommerce when it was begun elsewhere, and nowhere else', async () => {
    const outcome = async (query: Record<string, string>) => {
      const { statusCode, headers } = await auth(query);
      return [statusCode, headers.location];
    };
    const address = `${test.login.url}/app/${test.config.clientId}/install`;
    const query = { scope: SCOPE, context: 'stores/store1', external_install: 'https://evil.example' };
    expect(await outcome({ ...query, code: grant() })).toEqual([302, `${address}/succeeded`]);
    expect(await outcome({ ...query, code: 'wrong' })).toEqual([302, `${address}/failed`]);
    expect(await outcome({ external_install: '1' })).toEqual([302, `${address}/failed`]);
  });
});

describe('an installation that was begun elsewhere', () => {
  it('succeeded once the store has the app, whatever BigCommerce tells of its storefronts', async () => {
    test.api.setFault(() => ({ status: 401 }));
    const { headers } = await auth({
      code: grant(),
      scope: SCOPE,
      context: 'stores/store1',
      external_install: '1',
    });
    expect(headers.location).toMatch(/\/install\/succeeded$/);
    expect(await store()).toMatchObject({ uninstalled_at: null });
  });
});

describe('opening the app', () => {
  beforeEach(async () => {
    await test.install();
  });

  it('answers with the settings page, and lets a user in who was not seen before', async () => {
    const answer = await call('/load', { user: COLLEAGUE });
    const { session } = pageOf(answer);
    expect(await users()).toEqual([OWNER.id, COLLEAGUE.id]);
    const [, script = ''] = /<script type="module" src="([^"]+)">/.exec(answer.body) ?? [];
    const file = await test.app.inject({ url: script, headers: { 'accept-encoding': 'br' } });
    expect(file.statusCode).toBe(200);
    expect(file.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': expect.stringMatching(/javascript/),
    });
    const headers = { authorization: `Bearer ${session.token}` };
    expect((await test.app.inject({ url: '/api/state', headers })).json().user.email).toBe(COLLEAGUE.email);
  });

  it('may be framed by the control panel, keeps its session out of caches, and runs nothing but its own scripts', async () => {
    const answer = await call('/load');
    pageOf(answer);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain('frame-ancestors https://*.mybigcommerce.com https://*.bigcommerce.com');
    const [, script, style] =
      /^default-src 'none';script-src 'self' 'nonce-([0-9a-f]{32})';style-src 'self' 'nonce-([0-9a-f]{32})';/.exec(
        policy,
      ) ?? [];
    expect(policy).not.toContain('unsafe');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(answer.headers).not.toHaveProperty('x-frame-options');
    expect(answer.body).toContain(
      `<script nonce="${script}">window.__webpack_nonce__ = "${style}";</script>`,
    );
    expect((await call('/load')).headers['content-security-policy']).not.toBe(policy);
  });

  it('counts each JWT once', async () => {
    const query = { signed_payload_jwt: await test.signedPayload() };
    pageOf(await test.app.inject({ url: '/load', query }));
    const again = await test.app.inject({ url: '/load', query });
    expect(failureOf(again)).toEqual([409, 'SIGNED_PAYLOAD_USED']);
    expect(again.body).toContain('Open Extole again from Apps');
  });

  it('lets one of two in who come with the same JWT at once', async () => {
    const query = { signed_payload_jwt: await test.signedPayload() };
    const answers = await Promise.all([1, 2].map(() => test.app.inject({ url: '/load', query })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  });

  it('leaves the JWT unused when it is asked for with HEAD', async () => {
    const query = { signed_payload_jwt: await test.signedPayload() };
    expect((await test.app.inject({ method: 'HEAD', url: '/load', query })).statusCode).toBe(404);
    pageOf(await test.app.inject({ url: '/load', query }));
  });

  it('tells the page which storefront it was opened for', async () => {
    expect(pageOf(await call('/load', { channelId: 1 })).data).toEqual({ channel: '1' });
    expect(pageOf(await call('/load')).data).toEqual({});
  });

  it('has BigCommerce asked anew for what it tells of the store, without making anybody wait', async () => {
    test.api.clearCalls();
    // What the installation asked for.
    await sql`delete from graphile_worker._private_jobs`.execute(test.database.db);
    pageOf(await call('/load'));
    expect(test.api.calls()).toEqual([]);
    const { rows } = await sql`select identifier from graphile_worker._private_jobs as job
      join graphile_worker._private_tasks as task on task.id = job.task_id`.execute(test.database.db);
    expect(rows).toEqual([{ identifier: 'refresh-channels' }]);
  });

  it('lets nobody in, nor keeps who it was, when the app is uninstalled at that moment', async () => {
    const { db } = test.database;
    let loading: Promise<LightMyRequestResponse> | undefined;
    await db.transaction().execute(async (uninstalling) => {
      await forgetStore(test.deps, test.storeHash, uninstalling);
      loading = call('/load');
      const blocked = sql`select 1 from pg_locks where not granted`;
      const isBlocked = vi.waitFor(async () => expect((await blocked.execute(db)).rows).not.toEqual([]));
      await Promise.race([loading, isBlocked]);
    });
    expect(loading && failureOf(await loading)).toEqual([404, 'STORE_NOT_INSTALLED']);
    expect(await users()).toEqual([]);
  });

  it('says that a store has to install it first', async () => {
    expect(failureOf(await call('/load', { storeHash: 'unknown' }))).toEqual([404, 'STORE_NOT_INSTALLED']);
  });
});

describe('uninstalling the app', () => {
  beforeEach(async () => {
    await test.install();
    await saveSettings();
  });

  it('erases secrets and users at once, and keeps the settings', async () => {
    expect((await call('/uninstall')).statusCode).toBe(200);
    expect(await store()).toMatchObject({
      access_token: null,
      webhook_secret: null,
      uninstalled_at: test.deps.now(),
    });
    const { settings, revision, ...kept } = await channelSettings();
    expect([settings.programDomain, revision]).toEqual(['share.brand.example', 3]);
    expect(kept).toMatchObject({
      access_token: null,
      access_token_last_four: null,
      verification_key: null,
      verification_key_id: null,
      verification_key_last_four: null,
    });
    expect(await users()).toEqual([]);
  });

  it('is for every user of the store', async () => {
    expect((await call('/uninstall', { user: COLLEAGUE })).statusCode).toBe(200);
    expect((await store())?.uninstalled_at).not.toBeNull();
  });

  it('takes scripts and webhooks out of the store, as long as the token works', async () => {
    const client = await storeClient(test.deps, test.storeHash);
    const settings = {
      channelId: 1,
      programDomain: 'share.brand.com',
      scriptConsentCategory: 'targeting' as const,
      orderConfirmation: true,
    };
    await publish(client, { channels: [settings], release: test.deps.release });
    for (const destination of [
      'https://app.example.com/webhooks/bigcommerce',
      'https://other.example/hook',
    ]) {
      await client.createHook({ scope: 'store/channel/created', destination, is_active: true, headers: {} });
    }
    expect(test.content.scripts.size).toBe(2);
    await call('/uninstall');
    expect(test.content.scripts.size).toBe(0);
    expect([...test.content.hooks.values()].map(({ destination }) => destination)).toEqual([
      'https://other.example/hook',
    ]);
  });

  it('deletes the coupon codes that are kept ready, and none that a reward has or a shopper used', async () => {
    const { id } = createPromotion(test.content);
    for (const code of ['READY', 'USED', 'GIVEN']) {
      const record = addCode(test.content, id, { code });
      test.content.couponCodes.set(code, { ...record, current_uses: code === 'USED' ? 1 : 0 });
      await test.deps.db
        .insertInto('coupon_code')
        .values({
          store_hash: test.storeHash,
          channel_id: 1,
          promotion_id: id,
          code,
          marker: code,
          state: 'made',
          reward_id: code === 'GIVEN' ? 'r1' : null,
          created_at: test.deps.now(),
        })
        .execute();
    }
    await call('/uninstall');
    expect(codesOf(test.content, id).map(({ code }) => code)).toEqual(['USED', 'GIVEN']);
    const rows = await test.deps.db
      .selectFrom('coupon_code')
      .select(['code', 'state'])
      .orderBy('code')
      .execute();
    expect(rows.map(({ code, state }) => [code, state])).toEqual([
      ['GIVEN', 'made'],
      ['READY', 'deleted'],
      ['USED', 'deleted'],
    ]);
  });

  it('goes well when the token works no more', async () => {
    test.api.removeApp(test.config.clientId);
    expect((await call('/uninstall')).statusCode).toBe(200);
    expect((await store())?.uninstalled_at).not.toBeNull();
  });

  it('goes well when the token can not be opened', async () => {
    await test.deps.db
      .updateTable('store')
      .set({ access_token: Buffer.alloc(50) })
      .execute();
    expect((await call('/uninstall')).statusCode).toBe(200);
    expect((await store())?.access_token).toBeNull();
  });

  it('may be told twice, also in the same words, and counts from the first time', async () => {
    const query = { signed_payload_jwt: await test.signedPayload() };
    const first = test.deps.now();
    await test.app.inject({ url: '/uninstall', query });
    test.clock.timeMs += 60_000;
    expect((await test.app.inject({ url: '/uninstall', query })).statusCode).toBe(200);
    expect((await call('/uninstall')).statusCode).toBe(200);
    expect((await store())?.uninstalled_at).toEqual(first);
  });

  it('is not done again by what uninstalled it before it was installed again', async () => {
    const query = { signed_payload_jwt: await test.signedPayload() };
    await test.app.inject({ url: '/uninstall', query });
    test.clock.timeMs += 60_000;
    await test.install();
    const replayed = await test.app.inject({ url: '/uninstall', query });
    expect([replayed.statusCode, replayed.json().code]).toEqual([409, 'SIGNED_PAYLOAD_USED']);
    expect(await store()).toMatchObject({ uninstalled_at: null, installed_at: test.deps.now() });
  });

  it('is forgiven by installing it again: the settings are there, without secrets, and the store is brought up to date', async () => {
    const { webhook_secret } = (await store()) ?? {};
    await call('/uninstall');
    pageOf(await test.install());
    const { settings, access_token } = await channelSettings();
    expect([settings.programDomain, access_token]).toEqual(['share.brand.example', null]);
    const after = await store();
    expect(after).toMatchObject({ uninstalled_at: null, webhook_secret: expect.any(Buffer) });
    expect(after?.webhook_secret).not.toEqual(webhook_secret);
    expect(await jobs()).toEqual(['save']);
  });

  it('is fine for a store that never had it', async () => {
    expect((await call('/uninstall', { storeHash: 'unknown' })).statusCode).toBe(200);
  });

  it('is over within ten seconds, with all secrets erased, when BigCommerce does not answer', async () => {
    test.api.setFault(() => ({ hang: 'before' }));
    const startedAt = performance.now();
    const uninstalling = call('/uninstall');
    await expect.poll(async () => (await store())?.access_token, { timeout: 2_000 }).toBeNull();
    expect((await uninstalling).statusCode).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('removing a user', () => {
  it('removes that one only, once', async () => {
    await test.install();
    await call('/load', { user: COLLEAGUE });
    const query = { signed_payload_jwt: await test.signedPayload({ user: COLLEAGUE }) };
    const remove = async () => (await test.app.inject({ url: '/remove_user', query })).statusCode;
    expect(await remove()).toBe(200);
    expect(await users()).toEqual([OWNER.id]);
    expect(await remove()).toBe(200);
    await call('/load', { user: COLLEAGUE });
    expect(await remove()).toBe(409);
    expect(await users()).toEqual([OWNER.id, COLLEAGUE.id]);
  });
});

describe("the store's token", () => {
  it('is known to be refused from the first 401 on, until BigCommerce takes it again', async () => {
    await test.install();
    const refresh = () => refreshChannels(test.deps, test.storeHash).catch(({ code }) => code);
    test.api.setFault(() => ({ status: 401 }));
    expect(await refresh()).toBe('BIGCOMMERCE_UNAUTHORIZED');
    const { token_refused_at } = (await store()) ?? {};
    expect(token_refused_at).toEqual(test.deps.now());
    test.clock.timeMs += 1_000;
    await refresh();
    expect((await store())?.token_refused_at).toEqual(token_refused_at);
    test.api.setFault();
    await refresh();
    expect((await store())?.token_refused_at).toBeNull();
  });

  it('is for stores that have the app', async () => {
    await expect(storeClient(test.deps, 'unknown')).rejects.toMatchObject({ code: 'STORE_NOT_INSTALLED' });
  });
});

describe('the storefronts of a store', () => {
  it('are kept with the default one first; one that is gone goes', async () => {
    await test.install();
    const kept = () =>
      test.database.db.selectFrom('channel').select(['channel_id', 'platform']).orderBy('position').execute();
    test.content.channels.clear();
    for (const channel of [
      { id: 5, name: 'Outlet', platform: 'catalyst', status: 'active' },
      { id: 1, name: 'Brand', platform: 'bigcommerce', status: 'active' },
    ] as const) {
      test.content.channels.set(channel.id, channel);
    }
    test.api.setFault(({ path }) =>
      path === '/v2/store' ? { status: 200, body: { name: 'Brand', default_channel_id: 1 } } : undefined,
    );
    await refreshChannels(test.deps, test.storeHash);
    expect(await kept()).toEqual([
      { channel_id: 1, platform: 'bigcommerce' },
      { channel_id: 5, platform: 'catalyst' },
    ]);
    test.content.channels.delete(1);
    await refreshChannels(test.deps, test.storeHash);
    expect(await kept()).toEqual([{ channel_id: 5, platform: 'catalyst' }]);
  });
});
