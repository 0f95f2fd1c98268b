import { sql } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { placeWidgets } from '../../examples/sandbox/widgets.js';
import { forgetStore } from '../../src/app/install/uninstall.js';
import { erase, lookAtAll, rollOut } from '../../src/app/provision/all-stores.js';
import { addJob } from '../../src/app/provision/enqueue.js';
import { beginJob } from '../../src/app/provision/jobs.js';
import { turnOf } from '../../src/app/provision/spread.js';
import { startWorker, type Worker } from '../../src/app/queue/worker.js';
import { storeClient } from '../../src/app/stores/stores.js';
import { createTasks } from '../../src/app/tasks.js';
import type { JobView, SaveAnswer, StateAnswer, StatusAnswer } from '../../src/catalog/admin-api.js';
import { publish } from '../../src/store/publish.js';
import { appStore } from '../support/app-store.js';

const store = appStore();

const DOMAIN = 'share.brand.example';
/** An answer that says to come back, and need not be waited for. */
const BUSY = { status: 503, headers: { 'retry-after': '0' } };
const DAY_MS = 86_400_000;

const status = async (): Promise<StatusAnswer> => (await store.ask<StatusAnswer>('GET', '/api/status')).body;
const job = async (id: string | undefined): Promise<JobView> =>
  (await store.ask<JobView>('GET', `/api/jobs/${id}`)).body;
const saved = async (...change: Parameters<typeof store.save>): Promise<JobView> => {
  const { body } = await store.save<SaveAnswer>(...change);
  if (!body.job) throw new Error(`Nothing changes in the store: ${JSON.stringify(body)}`);
  return body.job;
};
const names = () => store.scripts().map(({ name }) => name);
const html = (visibility = 'storefront') =>
  store.scripts().find((script) => script.visibility === visibility)?.html ?? '';

describe('what is saved', () => {
  it('gets into the store, step by step', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    await store.run('provision');
    expect(names()).toEqual(['Extole: store pages', 'Extole: order confirmation']);
    expect(html()).toContain(`"programDomain":"${DOMAIN}"`);
    await expect(job(id)).resolves.toMatchObject({
      state: 'done',
      failure: null,
      finishedAt: '2026-03-01T12:00:00.000Z',
      steps: [
        { action: 'create', what: 'widget template', name: 'Extole CTA Tag', state: 'done' },
        { action: 'create', what: 'script', name: 'Extole: store pages', state: 'done' },
        { action: 'create', what: 'script', name: 'Extole: order confirmation', state: 'done' },
      ],
    });
    await expect(status()).resolves.toMatchObject({
      connection: 'ok',
      lookedAt: '2026-03-01T12:00:00.000Z',
      differences: [],
      failure: null,
    });
  });

  it('has each of its parts on the storefront', async () => {
    await saved(
      {
        programDomain: DOMAIN,
        zones: { global_header: true, global_footer: false, product: true, overlay: false },
        orderConfirmation: true,
        browserConversion: true,
        requireConsent: true,
        consentCategory: 'functional',
      },
      { verificationKey: { keyId: 'key-1', key: 'k'.repeat(32) } },
    );
    await store.run('provision');
    const { clientId, appUrl } = store.test.config;
    const verification = `"verification":{"appClientId":"${clientId}","url":"${appUrl}/shoppers/verify"}`;
    expect(html()).toContain('"zones":["global_header","product"]');
    expect(html()).toContain('"consent":"required","consentCategory":"functional"');
    expect(html()).toContain(verification);
    expect(html()).not.toContain('conversion');
    expect(html('order_confirmation')).toContain('"zones":["confirmation"]');
    expect(html('order_confirmation')).toContain('"conversion":true');
    expect(store.scripts().map(({ consent_category }) => consent_category)).toEqual([
      'functional',
      'functional',
    ]);
  });

  it.each([
    [true, true, true, true],
    [true, false, true, false],
    [false, true, false, true],
  ])(
    'has the pop-up %s and the conversion %s, each without the other too',
    async (orderConfirmation, browserConversion, hasPopUp, hasConversion) => {
      await saved({ programDomain: DOMAIN, orderConfirmation, browserConversion });
      await store.run('provision');
      expect(html('order_confirmation').includes('"zones":["confirmation"]')).toBe(hasPopUp);
      expect(html('order_confirmation').includes('"conversion":true')).toBe(hasConversion);
    },
  );

  it('leaves the order confirmation alone where it has neither', async () => {
    await saved({ programDomain: DOMAIN, orderConfirmation: false, browserConversion: false });
    await store.run('provision');
    expect(names()).toEqual(['Extole: store pages']);
  });

  it("waits for the SDK's own category where the scripts are essential", async () => {
    await saved({ programDomain: DOMAIN, requireConsent: true, consentCategory: 'essential' });
    await store.run('provision');
    expect(html()).toContain('"consent":"required"');
    expect(html()).not.toContain('consentCategory');
  });

  it('never prints labels and data of orders into a page', async () => {
    const text = '</script><img src=x onerror=alert(1)>';
    await saved({
      programDomain: DOMAIN,
      programLabel: text,
      customEventData: [{ key: text, value: text }],
    });
    await store.run('provision');
    expect(
      store
        .scripts()
        .map((script) => script.html)
        .join(),
    ).not.toContain('onerror');
  });

  it('goes out again when it is switched off, and nothing is left that would ask for it', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    const { id } = await saved({ isEnabled: false });
    await store.run('provision');
    expect([...store.scripts(), ...store.test.content.widgetTemplates.values()]).toEqual([]);
    await expect(job(id)).resolves.toMatchObject({ state: 'done', steps: { length: 3 } });
    await expect(status()).resolves.toMatchObject({ differences: [] });
  });

  it('leaves the widgets that merchants placed, with their template', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    const [template] = store.test.content.widgetTemplates.keys();
    placeWidgets(store.test.content, template ?? '', 1, [
      {
        id: '5f6c8d1e-0003-4b1c-9a7e-000000000003',
        region: 'product_below_price',
        template: 'pages/product',
        configuration: { zone: 'product' },
      },
    ]);
    await saved({ isEnabled: false });
    await store.run('provision');
    expect(store.scripts()).toEqual([]);
    expect([...store.test.content.widgetTemplates.keys()]).toEqual([template]);
    expect(store.test.content.widgets.size).toBe(1);
    await expect(status()).resolves.toMatchObject({ differences: [], notices: [{ code: 'WIDGETS_STAY' }] });
  });

  it('says what would never show', async () => {
    store.test.api.setFeatures({ checkout_type: 'single' });
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await expect(status()).resolves.toMatchObject({ notices: [{ code: 'CHECKOUT_SHOWS_NO_SCRIPTS' }] });
  });
});

describe('several storefronts', () => {
  it('each have what is set for them, and the settings of another where they name it', async () => {
    await store.addChannel(2);
    await store.addChannel(3);
    await saved({ programDomain: DOMAIN });
    await saved({}, { sameAs: 1 }, { channelId: 3 });
    await store.run('provision');
    expect(store.scripts().map(({ channel_id }) => channel_id)).toEqual([1, 1, 3, 3]);
    await saved({ isEnabled: false });
    await store.run('provision');
    expect(store.scripts()).toEqual([]);
  });

  it('tell of Catalyst that nothing can be put there', async () => {
    await store.addChannel(2, 'catalyst');
    const { id } = await saved({ programDomain: DOMAIN });
    await store.save({ programDomain: DOMAIN }, {}, { channelId: 2 });
    await store.run('provision');
    const { state, steps } = await job(id);
    expect(state).toBe('done');
    expect(steps[0]).toEqual({ action: 'skip', what: 'storefront', name: 'Shop 2', state: 'done' });
    expect(store.scripts().map(({ channel_id }) => channel_id)).toEqual([1, 1]);
  });

  it('tell of Catalyst once, however often a job is tried', async () => {
    await store.addChannel(2, 'catalyst');
    const { id } = await saved({ programDomain: DOMAIN });
    await store.save({ programDomain: DOMAIN }, {}, { channelId: 2 });
    store.test.api.setFault(({ method }) => (method === 'POST' ? BUSY : undefined));
    const { provision } = createTasks(store.test.deps);
    const payload = { storeHash: store.test.storeHash, jobId: id };
    await expect(provision(payload, { number: 1, isLast: false })).rejects.toThrow();
    store.test.api.setFault();
    await provision(payload, { number: 2, isLast: false });
    const { steps } = await job(id);
    expect(steps.filter(({ action }) => action === 'skip')).toHaveLength(1);
  });

  it('that move to Catalyst lose what they had: it would show our Handlebars as it stands', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await store.addChannel(1, 'catalyst');
    await store.ask('POST', '/api/repair');
    await store.run('provision');
    expect(store.scripts()).toEqual([]);
  });

  it('are done though one of them fails', async () => {
    const ids = [1, 2, 3, 4, 5, 6];
    for (const id of ids.slice(1)) await store.addChannel(id);
    for (const channelId of ids) await saved({ programDomain: DOMAIN }, {}, { channelId });
    const [waiting] = (await status()).recentJobs;
    await store.run('provision');
    expect(new Set(store.scripts().map(({ channel_id }) => channel_id))).toEqual(new Set([1, 2, 3, 4, 5]));
    await expect(job(waiting?.id)).resolves.toMatchObject({
      state: 'failed',
      failure: { code: 'SCRIPT_LIMIT_REACHED' },
    });
  });
});

describe('a job', () => {
  it('is one for all that was saved before it began', async () => {
    const first = await saved({ programDomain: DOMAIN });
    const second = await saved({ programDomain: 'refer.brand.example' });
    expect(second.id).toBe(first.id);
    await expect(store.queued('provision')).resolves.toHaveLength(1);
    await store.run('provision');
    expect(html()).toContain('refer.brand.example');
  });

  it('is a new one for what is saved after it began', async () => {
    const first = await saved({ programDomain: DOMAIN });
    await beginJob(store.test.deps, store.test.storeHash, first.id);
    const second = await saved({ programDomain: 'refer.brand.example' });
    expect(second.id).not.toBe(first.id);
    await expect(store.queued('provision')).resolves.toMatchObject([{ payload: { jobId: second.id } }]);
  });

  it('is a new one for what is saved at the moment that it begins', async () => {
    const { db, now, queue } = store.test.deps;
    const first = await saved({ programDomain: DOMAIN });
    let second: Promise<JobView> | undefined;
    await db.transaction().execute(async (beginning) => {
      await beginJob({ db: beginning }, store.test.storeHash, first.id);
      second = addJob({ queue, now }, db, store.test.storeHash, 'save');
      const blocked = sql`select 1 from pg_locks where not granted`;
      await vi.waitFor(async () => expect((await blocked.execute(db)).rows).not.toEqual([]));
    });
    await expect(second).resolves.toMatchObject({ id: expect.not.stringContaining(first.id) });
  });

  it('that ended is not done again', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    await store.run('provision');
    store.test.api.clearCalls();
    await createTasks(store.test.deps).provision(
      { storeHash: store.test.storeHash, jobId: id },
      { number: 1, isLast: false },
    );
    expect(store.test.api.calls()).toEqual([]);
  });

  it('is not added where what it is about is not saved', async () => {
    const { db } = store.test.deps;
    const saving = db.transaction().execute(async (transaction) => {
      await addJob(store.test.deps, transaction, store.test.storeHash, 'save');
      throw new Error('not saved');
    });
    await expect(saving).rejects.toThrow('not saved');
    await expect(store.queued('provision')).resolves.toEqual([]);
    await expect(status()).resolves.toMatchObject({ recentJobs: [] });
  });

  it('that was killed in the middle goes on from there', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    // A process began, made the widget template and a script, told of the first, and was gone.
    await beginJob(store.test.deps, store.test.storeHash, id);
    await makeFirstObjects(2);
    const step = { action: 'create', what: 'widget template', name: 'Extole CTA Tag', state: 'done' };
    await store.test.deps.db
      .updateTable('job')
      .set({ steps: JSON.stringify([step]) })
      .execute();
    store.test.api.clearCalls();
    await store.run('provision', { number: 2, isLast: false });
    expect(store.writes().filter(({ path }) => !path.startsWith('/v3/hooks'))).toMatchObject([
      { method: 'POST', path: '/v3/content/scripts' },
    ]);
    const { state, steps } = await job(id);
    expect(state).toBe('done');
    expect(steps).toEqual([step, { ...step, what: 'script', name: 'Extole: order confirmation' }]);
  });

  it('that was killed ends with the one that came after it', async () => {
    const killed = await saved({ programDomain: DOMAIN });
    await beginJob(store.test.deps, store.test.storeHash, killed.id);
    const next = await saved({ programDomain: 'refer.brand.example' });
    await store.run('provision');
    await expect(job(killed.id)).resolves.toMatchObject({ state: 'done' });
    await expect(job(next.id)).resolves.toMatchObject({ state: 'done' });
  });

  /** As a publication would that is stopped after so many. */
  async function makeFirstObjects(count: number): Promise<void> {
    let made = 0;
    store.test.api.setFault(({ method }) =>
      method === 'POST' && (made += 1) > count ? { status: 422, body: { title: 'Stopped' } } : undefined,
    );
    const { release } = store.test.deps;
    const client = await storeClient(store.test.deps, store.test.storeHash);
    const channels = [
      {
        channelId: 1,
        programDomain: DOMAIN,
        zones: [],
        orderConfirmation: true,
        confirmationPopUp: false,
        conversion: true,
        scriptConsentCategory: 'targeting' as const,
      },
    ];
    await expect(publish(client, { channels, release })).rejects.toThrow('Stopped');
    store.test.api.setFault();
  }
});

describe('a store that is not well', () => {
  it('is tried again when BigCommerce is away, and told of meanwhile', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    store.test.api.setFault(() => BUSY);
    const [queued] = await store.queued('provision');
    await expect(store.run('provision')).rejects.toThrow('BIGCOMMERCE_UNAVAILABLE');
    await expect(job(id)).resolves.toMatchObject({
      state: 'waiting',
      failure: { code: 'BIGCOMMERCE_UNAVAILABLE', message: expect.not.stringContaining('UNAVAILABLE:') },
    });
    store.test.api.setFault();
    const { provision } = createTasks(store.test.deps);
    await provision(queued?.payload ?? { storeHash: '', jobId: '' }, { number: 2, isLast: false });
    await expect(job(id)).resolves.toMatchObject({ state: 'done', failure: null });
    expect(names()).toHaveLength(2);
  });

  it('is given up after the last try', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    store.test.api.setFault(() => BUSY);
    await store.run('provision', { number: 10, isLast: true });
    await expect(job(id)).resolves.toMatchObject({
      state: 'failed',
      failure: { code: 'BIGCOMMERCE_UNAVAILABLE' },
      finishedAt: '2026-03-01T12:00:00.000Z',
    });
  });

  it('is left to the next job where there is one', async () => {
    const first = await saved({ programDomain: DOMAIN });
    store.test.api.setFault(() => BUSY);
    await beginJob(store.test.deps, store.test.storeHash, first.id);
    const second = await saved({ programDomain: 'refer.brand.example' });
    await createTasks(store.test.deps).provision(
      { storeHash: store.test.storeHash, jobId: first.id },
      { number: 1, isLast: false },
    );
    await expect(job(first.id)).resolves.toMatchObject({ state: 'failed' });
    await expect(job(second.id)).resolves.toMatchObject({ state: 'waiting' });
  });

  it('is not tried again where BigCommerce takes our token no more, until the app is authorized again', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    store.test.api.removeApp(store.test.config.clientId);
    await store.run('provision');
    await expect(job(id)).resolves.toMatchObject({
      state: 'failed',
      failure: { code: 'BIGCOMMERCE_UNAUTHORIZED' },
    });
    await expect(status()).resolves.toMatchObject({ connection: 'reauthorize' });
    await store.install();
    await store.run('provision');
    await expect(status()).resolves.toMatchObject({ connection: 'ok', differences: [] });
    expect(names()).toHaveLength(2);
  });

  it('is not tried again where BigCommerce refuses a change, and told in whose words', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    store.test.api.setFault(({ method, path }) =>
      method === 'POST' && path === '/v3/content/scripts'
        ? { status: 422, body: { title: 'No more scripts' } }
        : undefined,
    );
    await store.run('provision');
    await expect(job(id)).resolves.toMatchObject({
      state: 'failed',
      failure: { code: 'BIGCOMMERCE_REFUSED', message: expect.stringContaining('No more scripts') },
      steps: [{ state: 'done' }, { state: 'failed' }, { state: 'waiting' }],
    });
    await expect(store.queued('look')).resolves.toHaveLength(1);
  });

  it('is told of a theme that shows neither scripts nor widgets', async () => {
    store.test.api.setFeatures({ stencil_enabled: false });
    const { id } = await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await expect(job(id)).resolves.toMatchObject({ state: 'failed', failure: { code: 'THEME_NOT_STENCIL' } });
  });

  it('is not touched while the SDK that its scripts would load is not served', async () => {
    store.setSdkServed(false);
    const { id } = await saved({ programDomain: DOMAIN });
    await expect(store.run('provision')).rejects.toThrow('SDK_UNREACHABLE');
    expect(store.writes()).toEqual([]);
    await expect(job(id)).resolves.toMatchObject({ state: 'waiting', failure: { code: 'SDK_UNREACHABLE' } });
  });

  it('is switched off though the SDK is not served', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    store.setSdkServed(false);
    await saved({ isEnabled: false });
    await store.run('provision');
    expect(store.scripts()).toEqual([]);
  });

  it('is told apart from what nobody foresaw, of which nothing is shown', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    const deps = {
      ...store.test.deps,
      secrets: { ...store.test.deps.secrets, open: () => JSON.parse('secret') },
    };
    await createTasks(deps).provision(
      { storeHash: store.test.storeHash, jobId: id },
      { number: 10, isLast: true },
    );
    const { failure } = await job(id);
    expect(failure?.code).toBe('INTERNAL');
    expect(JSON.stringify([failure, store.test.logged()])).not.toContain('secret"');
  });
});

describe('webhooks', () => {
  const hooks = () => [...store.test.content.hooks.values()];

  it('are made with a secret of the store, and kept', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    expect(hooks().map(({ scope, is_active }) => [scope, is_active])).toEqual([
      ['store/channel/created', true],
      ['store/channel/updated', true],
      ['store/app/uninstalled', true],
      ['store/order/created', true],
      ['store/order/statusUpdated', true],
    ]);
    for (const { destination, headers } of hooks()) {
      expect(destination).toBe(`${store.test.config.appUrl}/webhooks/bigcommerce`);
      expect(headers?.['x-extole-webhook-secret']).toMatch(/^[\w-]{43}$/);
    }
    store.test.api.clearCalls();
    await store.ask('POST', '/api/repair');
    await store.run('provision');
    expect(store.writes()).toEqual([]);
  });

  it('are woken when BigCommerce put them to sleep, and leave a former address of the app', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    const [first, second] = hooks();
    if (!first || !second) throw new Error('There are five.');
    store.test.content.hooks.set(first.id, { ...first, is_active: false });
    store.test.content.hooks.set(second.id, { ...second, destination: 'https://old.example.com/hooks' });
    await store.ask('POST', '/api/repair');
    await store.run('provision');
    expect(hooks().every(({ is_active }) => is_active)).toBe(true);
    expect(hooks().map(({ destination }) => destination)).not.toContain('https://old.example.com/hooks');
    expect(hooks()).toHaveLength(5);
  });

  it('that BigCommerce refuses keep nothing else back', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    store.test.api.setFault(({ path, method }) =>
      path === '/v3/hooks' && method === 'POST' ? { status: 422, body: { title: 'No' } } : undefined,
    );
    await store.run('provision');
    await expect(job(id)).resolves.toMatchObject({ state: 'done' });
    const { webhooks } = await status();
    expect(webhooks).toEqual([
      { scope: 'store/channel/created', isActive: false },
      { scope: 'store/channel/updated', isActive: false },
      { scope: 'store/app/uninstalled', isActive: false },
      { scope: 'store/order/created', isActive: false },
      { scope: 'store/order/statusUpdated', isActive: false },
    ]);
  });
});

describe('an app that comes back', () => {
  it('finds its settings again, and puts the store right', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    store.test.api.removeApp(store.test.config.clientId);
    await forgetStore(store.test.deps, store.test.storeHash);
    expect(store.scripts()).toEqual([]);
    await store.install();
    await store.run('provision');
    expect(names()).toHaveLength(2);
    await expect(store.channelView()).resolves.toMatchObject({ settings: { programDomain: DOMAIN } });
  });

  it('leaves the store alone from the moment that it goes, whatever job runs', async () => {
    const { deps, storeHash, api } = store.test;
    const { id } = await saved({ programDomain: DOMAIN });
    api.setFault(({ method }) =>
      method === 'POST' ? { onHandled: () => forgetStore(deps, storeHash) } : undefined,
    );
    await store.run('provision');
    expect(store.writes()).toHaveLength(1);
    const row = await deps.db.selectFrom('job').selectAll().executeTakeFirst();
    expect(row).toMatchObject({ id, state: 'failed', failure_code: 'STORE_NOT_INSTALLED' });
  });

  it('has nothing done in its absence', async () => {
    const { id } = await saved({ programDomain: DOMAIN });
    await forgetStore(store.test.deps, store.test.storeHash);
    await store.run('provision');
    const row = await store.test.deps.db.selectFrom('job').selectAll().executeTakeFirst();
    expect(row).toMatchObject({ id, state: 'failed', failure_code: 'STORE_NOT_INSTALLED' });
    expect(store.writes()).toEqual([]);
  });
});

describe('a release', () => {
  const RELEASED = 'https://app.example.com/sdk/9.9.9/extole-storefront.js';
  const next = () => ({
    ...store.test.deps,
    release: { ...store.test.deps.release, sdk: { ...store.test.deps.release.sdk, url: RELEASED } },
  });

  it('reaches the stores whose scripts load another SDK, each at a time of its own', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await rollOut(store.test.deps);
    await expect(store.queued('provision')).resolves.toEqual([]);
    await rollOut(next());
    const [queued] = await store.queued('provision');
    const waitMs = (queued?.runAt.getTime() ?? 0) - store.test.deps.now().getTime();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThan(4 * 3_600_000);
    await expect(job(queued?.payload.jobId)).resolves.toMatchObject({ kind: 'release', state: 'waiting' });
  });

  it('comes to no store that has nothing of ours', async () => {
    await rollOut(next());
    await expect(store.queued('provision')).resolves.toEqual([]);
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await saved({ isEnabled: false });
    await store.run('provision');
    await rollOut(next());
    await expect(store.queued('provision')).resolves.toEqual([]);
  });

  it('reaches a store where one storefront never came to what it should be', async () => {
    const ids = [1, 2, 3, 4, 5, 6];
    for (const id of ids.slice(1)) await store.addChannel(id);
    for (const channelId of ids) await saved({ programDomain: DOMAIN }, {}, { channelId });
    await store.run('provision');
    await expect(status()).resolves.toMatchObject({ recentJobs: [{ state: 'failed' }] });
    await rollOut(next());
    await expect(store.queued('provision')).resolves.toHaveLength(1);
  });

  it('changes what is there, and puts nothing back that a merchant took away', async () => {
    const { content, deps } = store.test;
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    const [first, second] = store.scripts();
    if (!first || !second) throw new Error('There are two.');
    content.scripts.delete(first.uuid);
    content.scripts.set(second.uuid, { ...second, html: 'of an earlier version' });
    content.widgetTemplates.clear();
    await deps.db.updateTable('store').set({ published_sdk_url: RELEASED }).execute();
    await rollOut(deps);
    await store.run('provision');
    expect(names()).toEqual(['Extole: order confirmation']);
    expect(html('order_confirmation')).toBe(second.html);
    expect(content.widgetTemplates.size).toBe(0);
    await store.run('look');
    const { differences, recentJobs } = await status();
    expect(recentJobs.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(differences.map(({ action, what }) => `${action} ${what}`)).toEqual([
      'create widget template',
      'create script',
    ]);
  });

  it('does at once, and in full, what a process was at that died', async () => {
    const { deps, storeHash, content } = store.test;
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    content.scripts.clear();
    const { body: repair } = await store.ask<JobView>('POST', '/api/repair');
    await beginJob(deps, storeHash, repair.id);
    await deps.db.updateTable('store').set({ published_sdk_url: RELEASED }).execute();
    await rollOut(deps);
    const [queued] = await store.queued('provision');
    expect(queued?.runAt).not.toEqual(turnOf(storeHash, deps.now()));
    await store.run('provision');
    expect(names()).toHaveLength(2);
    await expect(job(repair.id)).resolves.toMatchObject({ state: 'done' });
  });

  it('comes again to a store that it did not get through in', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await rollOut(next());
    store.setSdkServed(false);
    await store.run('provision', { number: 10, isLast: true });
    await rollOut(next());
    await expect(store.queued('provision')).resolves.toHaveLength(1);
  });

  it('never has a merchant wait who saves, before or after it', async () => {
    await saved({ programDomain: DOMAIN });
    await store.run('provision');
    await saved({ programDomain: 'refer.brand.example' });
    const [before] = await store.queued('provision');
    await rollOut(next());
    await expect(store.queued('provision')).resolves.toEqual([before]);

    await store.run('provision');
    await rollOut(next());
    const [later] = await store.queued('provision');
    const { id } = await saved({ programDomain: DOMAIN });
    const queued = await store.queued('provision');
    expect(queued).toMatchObject([{ payload: { jobId: id } }]);
    expect(queued[0]?.runAt.getTime()).not.toBe(later?.runAt.getTime());
  });
});

describe('every night', () => {
  it('each store that has the app is looked at, at a time that is always its own', async () => {
    await addStores(30);
    await lookAtAll(store.test.deps);
    const first = await store.queued('look');
    const times = first.map(({ runAt }) => runAt.getTime() - store.test.deps.now().getTime());
    expect(first.map(({ payload }) => payload.storeHash)).not.toContain('gone');
    expect(first).toHaveLength(31);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(4 * 3_600_000);
    // No more than a fifth of them within any quarter of an hour of the four.
    for (let start = 0; start < 16; start += 1) {
      const within = times.filter((time) => Math.floor(time / 900_000) === start);
      expect(within.length).toBeLessThan(7);
    }
    await lookAtAll(store.test.deps);
    await expect(store.queued('look')).resolves.toEqual(first);
  });

  it('each store is asked for what merchants change in BigCommerce, which no webhook may tell of', async () => {
    const { api, content } = store.test;
    content.channels.set(2, { id: 2, name: 'Shop 2', platform: 'bigcommerce', status: 'active' });
    api.setFault(({ path }) =>
      path === '/v2/store' ? { status: 200, body: { name: 'Brand & Daughters' } } : undefined,
    );
    await lookAtAll(store.test.deps);
    await store.run('refresh-channels');
    const { body } = await store.ask<StateAnswer>('GET', '/api/state');
    expect(body.store.name).toBe('Brand & Daughters');
    expect(body.channels.map(({ channelId }) => channelId)).toEqual([1, 2]);
  });

  it.each([
    ['a store', 30 * DAY_MS - 1, 1],
    ['a store', 30 * DAY_MS, 0],
  ])('%s that is gone for %i ms is kept or erased with its settings', async (_what, goneMs, left) => {
    await store.save({ programDomain: DOMAIN });
    await forgetStore(store.test.deps, store.test.storeHash);
    store.setNow(new Date(store.test.deps.now().getTime() + goneMs));
    await erase(store.test.deps);
    const { db } = store.test.deps;
    for (const table of ['store', 'channel', 'channel_settings'] as const) {
      await expect(db.selectFrom(table).selectAll().execute()).resolves.toHaveLength(left);
    }
  });

  it.each([
    [-1, 0],
    [0, 0],
    [1, 1],
  ])('a used JWT that ends in %i ms is kept only while it could be used', async (endsInMs, left) => {
    const { db, now } = store.test.deps;
    const expires_at = new Date(now().getTime() + endsInMs);
    await db
      .insertInto('used_jwt')
      .values({ jwt_hash: Buffer.from('a'), expires_at })
      .execute();
    await erase(store.test.deps);
    await expect(db.selectFrom('used_jwt').selectAll().execute()).resolves.toHaveLength(left);
  });

  it.each([
    [90 * DAY_MS - 1, 1],
    [90 * DAY_MS, 0],
  ])('a job of %i ms ago is kept or erased', async (ageMs, left) => {
    await saved({ programDomain: DOMAIN });
    store.setNow(new Date(store.test.deps.now().getTime() + ageMs));
    await erase(store.test.deps);
    await expect(store.test.deps.db.selectFrom('job').selectAll().execute()).resolves.toHaveLength(left);
  });

  async function addStores(count: number): Promise<void> {
    const { db, now } = store.test.deps;
    const added = Array.from({ length: count }, (_, index) => `s${index}`);
    for (const store_hash of [...added, 'gone']) {
      await db
        .insertInto('store')
        .values({
          store_hash,
          name: store_hash,
          scope: '',
          order_statuses: '[]',
          installed_at: now(),
          uninstalled_at: store_hash === 'gone' ? now() : null,
        })
        .execute();
    }
  }
});

describe('the worker', () => {
  let worker: Worker | undefined;
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
  });

  it('brings the store to what was saved last, one job at a time', async () => {
    const { log, metrics } = store.test.deps;
    worker = await startWorker({
      pool: store.test.database.pool,
      tasks: createTasks(store.test.deps),
      log,
      metrics,
    });
    await saved({ programDomain: DOMAIN });
    await saved({ programDomain: 'refer.brand.example' });
    await saved({ programDomain: 'last.brand.example' });
    await vi.waitFor(
      async () => {
        const { recentJobs } = await status();
        expect(recentJobs.map(({ state }) => state)).toEqual(recentJobs.map(() => 'done'));
        expect(html()).toContain('last.brand.example');
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(names()).toHaveLength(2);
  });
});
