import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/catalog/version.js';
import { COLLEAGUE, OWNER, startTestApp, type TestApp } from '../support/app.js';

const METRICS_TOKEN = 'a-token-for-metrics-0123';

let test: TestApp;

beforeAll(async () => {
  test = await startTestApp({ metricsToken: METRICS_TOKEN });
  await test.install();
});
afterEach(() => test.worker.setHealthy(true));
afterAll(() => test?.close());

const get = (url: string, headers: Record<string, string> = {}) => test.app.inject({ url, headers });

describe('the server', () => {
  it('says that it lives, whatever the worker does', async () => {
    test.worker.setHealthy(false);
    const { statusCode, body } = await get('/health');
    expect([statusCode, JSON.parse(body)]).toEqual([200, { status: 'ok', version: VERSION }]);
  });

  it('says whether it can work, and what keeps it from that', async () => {
    expect((await get('/ready')).json()).toEqual({ status: 'ready', database: true, worker: true });
    test.worker.setHealthy(false);
    const { statusCode, body } = await get('/ready');
    expect(statusCode).toBe(503);
    expect(JSON.parse(body)).toEqual({ status: 'not ready', database: true, worker: false });
  });

  it('gives its metrics to those who know the token', async () => {
    expect((await get('/metrics')).statusCode).toBe(401);
    expect((await get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}x` })).statusCode).toBe(401);
    await get('/api/state', await test.session());
    const { statusCode, body } = await get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` });
    expect(statusCode).toBe(200);
    expect(body).toMatch(
      /extole_http_request_duration_seconds_count\{method="GET",route="\/api\/state",status="200"\} 1/,
    );
    expect(body).toMatch(/extole_calls_total\{to="bigcommerce",outcome="2xx"\} \d/);
    for (const secret of [test.storeHash, OWNER.email]) expect(body).not.toContain(secret);
  });

  it('gives every answer an id, that of the request where it is one', async () => {
    expect((await get('/health')).headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    expect((await get('/health', { 'x-request-id': 'abc-123' })).headers['x-request-id']).toBe('abc-123');
    expect((await get('/nowhere', { 'x-request-id': 'a b"c' })).headers['x-request-id']).toMatch(
      /^[\w-]{36}$/,
    );
  });

  it.each(['/health', '/nowhere', '/api/state', '/admin/assets/none.js'])(
    'lets nobody frame %s, run anything from it, or learn where somebody came from',
    async (url) => {
      const { headers } = await get(url);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'strict-transport-security': expect.stringContaining('max-age=31536000'),
      });
    },
  );

  it('answers with a code and a sentence, and nothing of its inside', async () => {
    const missing = await get('/nowhere/else?a=b');
    expect([missing.statusCode, missing.json()]).toEqual([
      404,
      { code: 'NOT_FOUND', message: 'there is nothing at this address.' },
    ]);
    const bad = await get('/%ff');
    expect(bad.statusCode).toBe(400);
    expect(Object.keys(bad.json())).toEqual(['code', 'message']);
    const headers = { ...(await test.session()), 'content-type': 'application/json' };
    const broken = await test.app.inject({
      method: 'PUT',
      url: '/api/channels/1',
      headers,
      body: '{"revision":',
    });
    expect([broken.statusCode, broken.json().code]).toEqual([400, 'REQUEST_INVALID']);
    const xml = await test.app.inject({
      method: 'PUT',
      url: '/api/channels/1',
      headers: { ...headers, 'content-type': 'application/xml' },
      body: '<a/>',
    });
    expect([xml.statusCode, xml.json().code]).toEqual([415, 'BODY_NOT_JSON']);
    const wrong = await test.app.inject({ method: 'PUT', url: '/api/channels/1', headers, body: '{}' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, 'INPUT_INVALID']);
    expect(wrong.json().issues).toContainEqual({ path: 'revision', message: expect.any(String) });
  });

  it('takes 100,000 bytes, and says so when there are more', async () => {
    const headers = { ...(await test.session()), 'content-type': 'application/json' };
    const put = (bytes: number) =>
      test.app.inject({
        method: 'PUT',
        url: '/api/channels/1',
        headers,
        body: JSON.stringify('x'.repeat(bytes - 2)),
      });
    expect((await put(100_000)).statusCode).toBe(422);
    const refused = await put(100_001);
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('says INTERNAL, and no more, of what nobody foresaw; the log tells of it without what was in it', async () => {
    const other = await startTestApp();
    await other.install();
    const headers = await other.session();
    await other.database.db.schema.dropTable('channel').execute();
    const { statusCode, body } = await other.app.inject({ url: '/api/state', headers });
    expect([statusCode, JSON.parse(body)]).toEqual([
      500,
      { code: 'INTERNAL', message: 'something went wrong in the app. Try again later.' },
    ]);
    expect(other.logged()).toContain('"code":"42P01"');
    await other.close();
  });

  it('lets a user ask 300 times a minute, whatever others do', async () => {
    const [owner, colleague] = [await test.session(), await test.session(COLLEAGUE)];
    const renew = (headers: Record<string, string>) =>
      test.app.inject({ method: 'POST', url: '/api/session', headers });
    const answers = [];
    for (let count = 0; count < 300; count += 1) answers.push((await renew(colleague)).statusCode);
    expect(new Set(answers)).toEqual(new Set([200]));
    const refused = await renew(colleague);
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await renew(owner)).statusCode).toBe(200);
  });
});

describe('the log', () => {
  it('tells of requests by method, path and outcome, and holds no secret of theirs', async () => {
    const jwt = await test.signedPayload();
    await get(`/load?signed_payload_jwt=${jwt}`, { cookie: 'a=cookie-value', 'x-auth-token': 'tokenvalue' });
    await get('/auth?code=the-code-of-it&scope=a&context=stores/x');
    const session = await test.session();
    await get('/api/state', session);
    const logged = test.logged();
    expect(logged).toContain('"method":"GET","path":"/load","status":200');
    for (const secret of [
      jwt,
      'the-code-of-it',
      'cookie-value',
      'tokenvalue',
      session.authorization.slice(7),
      OWNER.email,
      test.config.clientSecret,
      ...test.api
        .calls()
        .map(({ path }) => new URL(path, 'https://x').search)
        .filter(Boolean),
    ]) {
      expect(logged).not.toContain(secret);
    }
  });

  it('redacts headers that somebody logs, and what a message of others quotes', () => {
    const { log } = test.deps;
    log.info({ headers: { authorization: 'Bearer one-secret', 'x-auth-token': 'two-secret' } }, 'called');
    log.info({ cookie: 'three-secret', request: { headers: { cookie: 'four-secret' } } }, 'called');
    const error = Object.assign(new Error('duplicate key: "five-secret" of six@secret.example'), {
      detail: 'seven-secret',
      code: '23505',
    });
    log.error({ err: error }, 'failed');
    expect(test.logged()).not.toContain('secret"');
    expect(test.logged()).not.toMatch(/(one|two|three|four|five|six|seven).secret/);
    expect(test.logged()).toContain('"code":"23505"');
  });
});
