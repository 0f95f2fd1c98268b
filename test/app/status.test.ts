import { beforeEach, describe, expect, it } from 'vitest';
import { createSession } from '../../src/app/install/session.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { keepLook } from '../../src/app/provision/look.js';
import { webhookSecretPurpose } from '../../src/app/provision/webhooks.js';
import type { Failure, JobView, StatusAnswer } from '../../src/catalog/admin-api.js';
import { OWNER } from '../support/app.js';
import { appStore } from '../support/app-store.js';

const store = appStore();

const status = async (query = ''): Promise<StatusAnswer> =>
  (await store.ask<StatusAnswer>('GET', `/api/status${query}`)).body;
const setUp = async (): Promise<void> => {
  await store.save({ programDomain: 'share.brand.example' });
  await store.run('provision');
  store.test.api.clearCalls();
};
const deleteFirstScript = (): void => {
  const [script] = store.scripts();
  store.test.content.scripts.delete(script?.uuid ?? '');
};

describe('how things stand', () => {
  it('is not known before the store was looked at', async () => {
    await expect(status()).resolves.toEqual({
      connection: 'ok',
      lookedAt: null,
      differences: [],
      notices: [],
      failure: null,
      webhooks: [],
      recentJobs: [],
    });
    expect(store.test.api.calls()).toEqual([]);
  });

  it('is what was seen last, until it is looked at anew', async () => {
    await setUp();
    deleteFirstScript();
    await expect(status()).resolves.toMatchObject({ differences: [] });
    expect(store.test.api.calls()).toEqual([]);
    store.setNow(new Date('2026-03-02T12:00:00Z'));
    await expect(status('?look=true')).resolves.toMatchObject({
      lookedAt: '2026-03-02T12:00:00.000Z',
      differences: [{ channelId: 1, what: 'script', name: 'Extole: store pages', action: 'create' }],
    });
  });

  it('says why the store could not be looked at, beside what was seen before', async () => {
    await setUp();
    deleteFirstScript();
    await status('?look=true');
    store.test.api.removeApp(store.test.config.clientId);
    store.setNow(new Date('2026-03-02T12:00:00Z'));
    await expect(status('?look=true')).resolves.toMatchObject({
      connection: 'reauthorize',
      lookedAt: '2026-03-01T12:00:00.000Z',
      differences: [{ name: 'Extole: store pages' }],
      failure: { code: 'BIGCOMMERCE_UNAUTHORIZED' },
    });
  });

  it('says so when the first look failed', async () => {
    store.test.api.removeApp(store.test.config.clientId);
    await expect(status('?look=true')).resolves.toMatchObject({
      lookedAt: null,
      failure: { code: 'BIGCOMMERCE_UNAUTHORIZED' },
    });
  });

  it('looks once at a time, however often it is asked', async () => {
    await status('?look=true');
    const once = store.test.api.calls().length;
    store.test.api.clearCalls();
    await Promise.all([status('?look=true'), status('?look=true'), status('?look=true')]);
    expect(store.test.api.calls()).toHaveLength(once);
  });

  it('is that of the look which began later, whichever ends first', async () => {
    const keep = (lookedAt: string, scope: string) =>
      keepLook(store.test.deps, store.test.storeHash, {
        lookedAt: new Date(lookedAt),
        differences: [],
        notices: [],
        webhooks: [{ scope, isActive: true }],
      });
    await keep('2026-03-02T12:00:01Z', 'later');
    await keep('2026-03-02T12:00:00Z', 'earlier');
    await expect(status()).resolves.toMatchObject({
      lookedAt: '2026-03-02T12:00:01.000Z',
      webhooks: [{ scope: 'later' }],
    });
    await keep('2026-03-02T12:00:01Z', 'as late');
    await expect(status()).resolves.toMatchObject({ webhooks: [{ scope: 'as late' }] });
  });

  it('tells of webhooks that BigCommerce put to sleep', async () => {
    await setUp();
    const [hook] = store.test.content.hooks.values();
    if (hook) store.test.content.hooks.set(hook.id, { ...hook, is_active: false });
    const { webhooks } = await status('?look=true');
    expect(webhooks).toEqual([
      { scope: 'store/channel/created', isActive: false },
      { scope: 'store/channel/updated', isActive: true },
      { scope: 'store/app/uninstalled', isActive: true },
      { scope: 'store/order/created', isActive: true },
      { scope: 'store/order/statusUpdated', isActive: true },
    ]);
  });

  it('tells of what is left where a storefront was switched off', async () => {
    await setUp();
    await store.save({ isEnabled: false });
    const { differences } = await status('?look=true');
    expect(differences.map(({ action, what }) => `${action} ${what}`)).toEqual([
      'delete widget template',
      'delete script',
      'delete script',
    ]);
  });

  it('tells of the last ten jobs, the newest first', async () => {
    for (let minute = 0; minute < 11; minute += 1) {
      store.setNow(new Date(Date.UTC(2026, 2, 1, 12, minute)));
      await store.ask('POST', '/api/repair');
      await store.run('provision');
    }
    const { recentJobs } = await status();
    expect(recentJobs.map(({ createdAt }) => new Date(createdAt).getUTCMinutes())).toEqual([
      10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
  });
});

describe('a script that a merchant deleted', () => {
  it('is reported by the nightly look, and put back only when that is asked for', async () => {
    await setUp();
    deleteFirstScript();
    await store.test.deps.queue.add('look', { storeHash: store.test.storeHash }, { key: 'look' });
    await store.run('look');
    expect(store.writes()).toEqual([]);
    expect(store.scripts()).toHaveLength(1);
    await expect(store.test.deps.metrics.registry.metrics()).resolves.toContain(
      'extole_looks_total{outcome="differs"}',
    );
    const line = store.test
      .logged()
      .split('\n')
      .filter((entry) => entry.includes('looked at a store'))
      .at(-1);
    expect(JSON.parse(line ?? '{}')).toMatchObject({ storeHash: store.test.storeHash, differences: 1 });
    await expect(status()).resolves.toMatchObject({ differences: [{ name: 'Extole: store pages' }] });

    const { status: code, body } = await store.ask<JobView>('POST', '/api/repair');
    expect([code, body.kind, body.state]).toEqual([202, 'repair', 'waiting']);
    await store.run('provision');
    expect(store.writes()).toMatchObject([{ method: 'POST', path: '/v3/content/scripts' }]);
    await expect(status()).resolves.toMatchObject({ differences: [], recentJobs: [{ state: 'done' }, {}] });
  });

  it('is looked for again when BigCommerce was away at night', async () => {
    await store.test.deps.queue.add('look', { storeHash: store.test.storeHash }, { key: 'look' });
    store.test.api.setFault(() => ({ status: 503, headers: { 'retry-after': '0' } }));
    await expect(store.run('look')).rejects.toThrow('BIGCOMMERCE_UNAVAILABLE');
    await expect(status()).resolves.toMatchObject({ failure: { code: 'BIGCOMMERCE_UNAVAILABLE' } });
  });
});

describe('a job', () => {
  it('is shown to its store, and to no other', async () => {
    const { body } = await store.ask<JobView>('POST', '/api/repair');
    const { db, now } = store.test.deps;
    await db
      .insertInto('store')
      .values({ store_hash: 'other', name: 'Other', scope: '', order_statuses: '[]', installed_at: now() })
      .execute();
    await db
      .insertInto('store_user')
      .values({ store_hash: 'other', user_id: OWNER.id, email: 'x@y.z' })
      .execute();
    const ask = async (id: string, storeHash: string) => {
      const owner = { storeHash, userId: OWNER.id, locale: 'en', openedAt: now() };
      const { token } = await createSession(store.test.deps, owner);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await store.test.app.inject({ url: `/api/jobs/${id}`, headers });
      return { status: answer.statusCode, body: answer.json<Failure>() };
    };
    await expect(ask(body.id, store.test.storeHash)).resolves.toMatchObject({
      status: 200,
      body: { id: body.id },
    });
    await expect(ask(body.id, 'other')).resolves.toMatchObject({
      status: 404,
      body: { code: 'JOB_UNKNOWN' },
    });
    await expect(ask('7', store.test.storeHash)).resolves.toMatchObject({ status: 404 });
    await expect(ask('%00', store.test.storeHash)).resolves.toMatchObject({ status: 404 });
  });
});

describe("BigCommerce's webhooks", () => {
  let secret = '';
  beforeEach(async () => {
    const row = await store.test.deps.db
      .selectFrom('store')
      .select('webhook_secret')
      .executeTakeFirstOrThrow();
    secret = store.test.deps.secrets.open(
      row.webhook_secret ?? Buffer.alloc(0),
      webhookSecretPurpose(store.test.storeHash),
    );
  });
  const send = async (
    scope: string,
    { producer = `stores/${store.test.storeHash}`, given = secret } = {},
  ): Promise<number> => {
    const answer = await store.test.app.inject({
      method: 'POST',
      url: '/webhooks/bigcommerce',
      headers: { 'x-extole-webhook-secret': given },
      payload: { scope, producer, store_id: '1', data: { type: 'channel', id: 2 }, hash: 'a', created_at: 1 },
    });
    return answer.statusCode;
  };

  it.each(['store/channel/created', 'store/channel/updated'])(
    'of %s have the storefronts asked for again',
    async (scope) => {
      store.test.content.channels.set(2, {
        id: 2,
        name: 'Shop 2',
        platform: 'bigcommerce',
        status: 'active',
      });
      await expect(send(scope)).resolves.toBe(200);
      await expect(send(scope)).resolves.toBe(200);
      expect(store.test.api.calls()).toEqual([]);
      await expect(store.queued('refresh-channels')).resolves.toHaveLength(1);
      await store.run('refresh-channels');
      await expect(store.channelView(2)).resolves.toMatchObject({ name: 'Shop 2' });
    },
  );

  it('have it logged where BigCommerce does not say which storefronts there are, and no later try would help', async () => {
    await send('store/channel/created');
    store.test.api.setFault(() => ({ status: 403 }));
    await store.run('refresh-channels');
    expect(store.test.logged()).toContain('BIGCOMMERCE_SCOPE_MISSING');
  });

  it('of a store that closes have it forgotten at once', async () => {
    await store.save({ programDomain: 'share.brand.example' });
    await expect(send('store/app/uninstalled')).resolves.toBe(200);
    const row = await store.test.deps.db.selectFrom('store').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      access_token: null,
      webhook_secret: null,
      uninstalled_at: store.test.deps.now(),
    });
    await expect(send('store/channel/created')).resolves.toBe(200);
    await expect(store.queued('refresh-channels')).resolves.toEqual([]);
  });

  it.each([
    ['another secret', () => ({ given: `${secret.slice(0, -1)}-` })],
    ['no secret', () => ({ given: '' })],
    ['no store', () => ({ producer: "stores/'; drop table store" })],
  ])('with %s are refused', async (_what, changes) => {
    await expect(send('store/app/uninstalled', changes())).resolves.toBe(401);
    const row = await store.test.deps.db.selectFrom('store').selectAll().executeTakeFirstOrThrow();
    expect(row.uninstalled_at).toBeNull();
  });

  it('of a store that is gone are taken, and nothing is done', async () => {
    await forgetStore(store.test.deps, store.test.storeHash);
    await expect(send('store/channel/created')).resolves.toBe(200);
    await expect(store.queued('refresh-channels')).resolves.toEqual([]);
  });
});
