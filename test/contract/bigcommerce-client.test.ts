import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Attempt, BigCommerceOptions } from '../../src/store/bigcommerce-api.js';
import { apiStore } from '../support/api-store.js';

const store = apiStore();
const script = (name: string) => ({ name, kind: 'src', src: 'https://a.com/a.js', channel_id: 1 }) as const;

/** A client that keeps its attempts. */
const watched = (options: Partial<BigCommerceOptions> = {}) => {
  const attempts: Attempt[] = [];
  return { attempts, client: store.client({ onAttempt: (attempt) => attempts.push(attempt), ...options }) };
};
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a call of BigCommerce's API", () => {
  it('reads a list to its end, whatever its pages', async () => {
    const client = store.client();
    const { widget } = store.release;
    for (let count = 0; count < 251; count += 1) {
      await client.createWidgetTemplate({ ...widget, schema: [], schema_translations: '{}', channel_id: 1 });
    }
    store.api.clearCalls();
    expect(await client.widgetTemplates()).toHaveLength(251);
    expect(store.api.calls().map(({ query }) => query.page)).toEqual(['1', '2']);
  });

  it('takes an empty answer for an empty list', async () => {
    store.api.setFault(() => ({ status: 204 }));
    expect(await store.client().scripts()).toEqual([]);
    expect(await store.client().orderStatuses()).toEqual([]);
  });

  it('knows order statuses by what the store calls them', async () => {
    const statuses = await store.client().orderStatuses();
    expect(statuses).toHaveLength(15);
    expect(statuses.filter(({ id }) => id >= 10 && id <= 11)).toEqual([
      { id: 10, label: 'Completed' },
      { id: 11, label: 'Waiting to be packed' },
    ]);
    store.api.setFault(() => ({
      status: 200,
      body: [{ id: 3, custom_label: '', system_label: 'Part' }, { id: 4, name: 'Refunded' }, { id: 16 }],
    }));
    expect(await store.client().orderStatuses()).toEqual([
      { id: 3, label: 'Part' },
      { id: 4, label: 'Refunded' },
      { id: 16, label: '16' },
    ]);
  });

  it('keeps webhooks: makes, finds, changes and deletes them', async () => {
    const client = store.client();
    const fields = {
      scope: 'store/channel/created',
      destination: 'https://app.example/hooks',
      is_active: true,
      headers: { 'x-secret': 's' },
    };
    const hook = await client.createHook(fields);
    expect(await client.hooks()).toEqual([{ id: hook.id, ...fields }]);
    expect(await client.updateHook(hook.id, { is_active: false })).toEqual({ ...hook, is_active: false });
    await client.deleteHook(hook.id);
    await client.deleteHook(hook.id);
    expect(await client.hooks()).toEqual([]);
  });

  it('says where a scope is missing, in which call, and what to do', async () => {
    store.api.setScopes(['store_v2_information_read_only']);
    const error = await failure(store.client().scripts());
    expect(error).toMatchObject({
      code: 'BIGCOMMERCE_SCOPE_MISSING',
      status: 403,
      call: 'GET /v3/content/scripts',
      message: expect.stringMatching(/403 "You don't have a required scope.*store_v2_content/),
    });
    expect(await failure(store.client().storefronts())).toMatchObject({
      message: expect.stringContaining('store_channel_settings_read_only'),
    });
  });

  it.each([
    [401, 'BIGCOMMERCE_UNAUTHORIZED'],
    [403, 'BIGCOMMERCE_SCOPE_MISSING'],
    [404, 'BIGCOMMERCE_NOT_FOUND'],
    [409, 'BIGCOMMERCE_REFUSED'],
    [422, 'BIGCOMMERCE_REFUSED'],
    [429, 'BIGCOMMERCE_RATE_LIMITED'],
    [500, 'BIGCOMMERCE_UNAVAILABLE'],
    [503, 'BIGCOMMERCE_UNAVAILABLE'],
  ])('that is answered with %i fails as %s', async (status, code) => {
    store.api.setFault(() => ({ status }));
    const error = await failure(store.client().createScript(script('a')));
    expect(error).toMatchObject({ code, status, isOutcomeUnknown: status >= 500 });
  });

  it("quotes BigCommerce's words, cut short, on one line and without the token", async () => {
    const { accessToken } = store.api;
    const title = `Bad\u001b[31m ${accessToken}\n${'x'.repeat(400)}`;
    store.api.setFault(() => ({ status: 422, body: { status: 422, title, errors: { name: 'too short' } } }));
    const error = await failure(store.client().createScript(script('a')));
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain('"Bad [31m [redacted] xxx');
    expect(message).not.toContain(accessToken);
    expect(message.length).toBeLessThan(500);
    expect(error).toMatchObject({ fields: ['name'] });
  });

  it('that is answered with something else than BigCommerce documents is not read', async () => {
    store.api.setFault(() => ({ status: 200, body: { data: [{ id: 1 }] } }));
    expect(await failure(store.client().scripts())).toMatchObject({
      code: 'BIGCOMMERCE_ANSWER_INVALID',
      message: expect.stringContaining('data.0.uuid'),
    });
    store.api.setFault(() => ({ status: 200, body: '<html>' }));
    expect(await failure(store.client().storeInformation())).toMatchObject({
      code: 'BIGCOMMERCE_ANSWER_INVALID',
    });
  });

  it('that deletes what is gone already is done', async () => {
    await expect(
      store.client().deleteScript('00000000-0000-4000-8000-000000000000'),
    ).resolves.toBeUndefined();
  });

  it('never follows a redirect with the token', async () => {
    const { url } = store.api;
    store.api.setFault(({ index }) =>
      index === 0 ? { status: 302, headers: { location: `${url}/elsewhere` } } : { status: 404 },
    );
    const { client, attempts } = watched({ retryDelayMs: () => 0 });
    expect(await failure(client.scripts())).toMatchObject({ code: 'BIGCOMMERCE_NOT_FOUND' });
    expect(store.api.calls().map(({ path }) => path)).not.toContain('/elsewhere');
    expect(attempts[0]?.status).toBeUndefined();
  });

  it.each([
    ['access token', { accessToken: 'sesame\nopen' }],
    ['access token', { accessToken: '' }],
    ['store hash', { storeHash: '../v2' }],
    ['address of the API', { apiUrl: 'api.bigcommerce.com' }],
  ])('is not even tried with something that is no %s, which is not repeated', (what, options) => {
    const build = () => store.client(options);
    expect(build).toThrow(new RegExp(`^CREDENTIALS_INVALID: that is no ${what}`));
    expect(build).not.toThrow(/sesame/);
  });

  it('fails without anything that holds the token', async () => {
    store.api.setFault(() => ({ hang: 'before' }));
    const error = await failure(store.client({ attemptTimeoutMs: 20 }).createScript(script('a')));
    expect(inspect(error, { depth: 20 })).not.toContain(store.api.accessToken);
  });

  it('names the scope that a site needs, and that orders need', async () => {
    store.api.setScopes(['store_channel_settings_read_only']);
    expect(await failure(store.client().site(1))).toMatchObject({
      message: expect.stringContaining('store_sites_read_only'),
    });
    expect(await failure(store.client().orderStatuses())).toMatchObject({
      message: expect.stringContaining('store_v2_orders_read_only'),
    });
  });
});

describe('a call that goes wrong', () => {
  it.each([
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['520', { status: 520 }],
    ['a broken connection', { drop: 'before' }],
    ['a timeout', { hang: 'before' }],
  ] as const)('is made again after %s where that does no harm', async (_what, fault) => {
    store.api.setFault(({ index }) => (index < 2 ? fault : undefined));
    const { client, attempts } = watched({ attemptTimeoutMs: 150 });
    expect(await client.scripts()).toEqual([]);
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it.each([
    ['500', { status: 500 }],
    ['a lost answer', { drop: 'after' }],
    ['a timeout', { hang: 'after' }],
  ] as const)(
    'is not made again after %s when it creates something, and says that it may be there',
    async (_what, fault) => {
      store.api.setFault(() => fault);
      const { client, attempts } = watched({ attemptTimeoutMs: 150 });
      const error = await failure(client.createScript(script('a')));
      expect(error).toMatchObject({ code: 'BIGCOMMERCE_UNAVAILABLE', isOutcomeUnknown: true });
      expect(attempts).toHaveLength(1);
    },
  );

  it('is made again after 429 even when it creates something', async () => {
    store.api.setFault(({ index }) => (index === 0 ? { status: 429 } : undefined));
    await store.client().createScript(script('a'));
    expect(store.content.scripts.size).toBe(1);
  });

  it('is repeated when its answer breaks off or stalls', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '20' });
      if (requests === 3) response.end('{"data":[],"meta":{}}'.slice(0, 20).replace(/.$/, '}'));
      else response.write('{"data":[]');
      if (requests === 1) setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const client = store.client({ apiUrl: `http://127.0.0.1:${port}`, attemptTimeoutMs: 150 });
    expect(await client.scripts()).toEqual([]);
    expect(requests).toBe(3);
    server.closeAllConnections();
    server.close();
  });

  it('that never had its turn was surely not made', async () => {
    store.api.setRateLimit({ quota: 4, windowMs: 60_000 });
    const client = store.client({
      apiUrl: store.api.url.replace('localhost', 'LOCALHOST'),
      totalTimeoutMs: 100,
    });
    await client.scripts();
    expect(await failure(client.createScript(script('a')))).toMatchObject({
      code: 'BIGCOMMERCE_RATE_LIMITED',
      isOutcomeUnknown: false,
    });
  });

  it('gives up after four repetitions', async () => {
    store.api.setFault(() => ({ status: 500 }));
    const { client, attempts } = watched();
    expect(await failure(client.scripts())).toMatchObject({ status: 500, isOutcomeUnknown: false });
    expect(attempts).toHaveLength(5);
  });

  it('gives up when its time is over, whatever it waits for', async () => {
    store.api.setFault(() => ({ hang: 'before' }));
    const client = store.client({ attemptTimeoutMs: 60_000, totalTimeoutMs: 100 });
    expect(await failure(client.scripts())).toMatchObject({
      code: 'BIGCOMMERCE_UNAVAILABLE',
      message: expect.stringContaining('no answer within 100 ms'),
    });
  });

  it('was surely not made when nobody was there, so that it is made again', async () => {
    const { client, attempts } = watched({ apiUrl: 'http://127.0.0.1:2' });
    const error = await failure(client.createScript(script('a')));
    expect(error).toMatchObject({ code: 'BIGCOMMERCE_UNAVAILABLE', isOutcomeUnknown: false });
    expect(attempts).toHaveLength(5);
  });
});

describe("a store's quota", () => {
  it('that BigCommerce renews after so many seconds is waited for as well', async () => {
    store.api.setFault(({ index }) =>
      index === 0 ? { status: 429, headers: { 'x-retry-after': '0.05' } } : undefined,
    );
    const { client, attempts } = watched({ retryDelayMs: () => 60_000 });
    await client.scripts();
    expect(attempts.map(({ status }) => status)).toEqual([429, 200]);
  });

  it('is never exceeded by as many calls as one likes, of any number of clients', async () => {
    store.api.setRateLimit({ quota: 10, windowMs: 100 });
    const clients = [store.client(), store.client(), store.client()];
    await Promise.all(Array.from({ length: 45 }, (_, index) => clients[index % 3]?.scripts()));
    expect(store.api.calls().filter(({ status }) => status === 429)).toEqual([]);
    expect(store.api.calls()).toHaveLength(45);
  });

  it('that other apps have spent is waited for, exactly as long as BigCommerce says', async () => {
    store.api.setRateLimit({ quota: 1, windowMs: 200 });
    await store.client({ apiUrl: `${store.api.url}/` }).scripts();
    // What another process does is not heeded by our queue.
    const { client, attempts } = watched({ apiUrl: store.api.url.replace('localhost', '127.0.0.1') });
    await client.scripts();
    expect(attempts.map(({ status }) => status)).toEqual([429, 200]);
  });
});
