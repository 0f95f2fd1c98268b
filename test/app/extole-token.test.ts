import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExtoleApi,
  type ExtoleMode,
  startExtoleApi,
} from '../../examples/sandbox/extole-api/extole-api.js';
import { AppError } from '../../src/app/app-error.js';
import { readConfig } from '../../src/app/config.js';
import { checkAccessToken } from '../../src/app/extole/extole-api.js';
import { createMetrics } from '../../src/app/metrics.js';
import { testEnvironment } from '../support/app.js';

let extole: ExtoleApi;
beforeAll(async () => {
  extole = await startExtoleApi();
});
afterEach(() => extole.setMode('normal'));
afterAll(() => extole.close());

/** What becomes of a token: `accepted`, or the status and code of the refusal. */
async function check(token: string, extoleApiUrl = extole.url) {
  const metrics = createMetrics();
  const config = { ...readConfig(testEnvironment()), extoleApiUrl };
  const error = await checkAccessToken({ config, metrics }, token).catch((reason: unknown) => reason);
  const { values } = await metrics.calls.get();
  const counted = values.map(({ labels: { to, outcome }, value }) => `${to} ${outcome} ${value}`);
  if (!(error instanceof AppError)) return { outcome: error ?? 'accepted', message: '', counted };
  return { outcome: `${error.status} ${error.code}`, message: error.message, counted };
}

/** Another server, which answers one thing. */
async function serve(status: number, headers: Record<string, string>, body: string) {
  const heard: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://localhost:${port}`,
    heard,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe("an access token of Extole's", () => {
  it('is accepted when Extole knows it', async () => {
    expect(await check(extole.accessToken)).toEqual({
      outcome: 'accepted',
      message: '',
      counted: ['extole 2xx 1'],
    });
  });

  it('goes to Extole in a header, never in an address', async () => {
    await check(extole.accessToken);
    expect(extole.calls()).toMatchObject([{ method: 'GET', path: '/v4/tokens', query: {}, status: 200 }]);
  });

  it('is accepted when it may send events and not look at itself', async () => {
    extole.setMode('events-only');
    expect(await check(extole.accessToken)).toMatchObject({ outcome: 'accepted', counted: ['extole 4xx 1'] });
  });

  it("is refused when Extole does not know it, by Extole's code and without a word of the token", async () => {
    const { outcome, message, counted } = await check('not-the-token-of-anybody');
    expect([outcome, counted]).toEqual(['422 ACCESS_TOKEN_REFUSED', ['extole 4xx 1']]);
    expect(message).toContain('401 invalid_access_token');
    expect(message).not.toContain('not-the-token');
  });

  it.each([
    ['a line break', 'abc\r\nx-other: 1'],
    ['a space', 'abc def'],
    ['a letter that no header takes', 'abcé€'],
    ['nothing', ''],
  ])('is refused without a call when it holds %s', async (_what, token) => {
    expect(await check(token)).toMatchObject({ outcome: '422 ACCESS_TOKEN_REFUSED', counted: [] });
    expect(extole.calls()).toEqual([]);
  });

  it('is refused when its account is not paid for', async () => {
    extole.setMode('unpaid');
    expect((await check(extole.accessToken)).outcome).toBe('422 ACCESS_TOKEN_REFUSED');
  });

  it.each([
    [401, 'invalid_access_token', '422 ACCESS_TOKEN_REFUSED'],
    [403, 'invalid_access_token', '422 ACCESS_TOKEN_REFUSED'],
    [403, 'expired_access_token', '422 ACCESS_TOKEN_REFUSED'],
    [403, 'access_denied', 'accepted'],
    [400, 'invalid_parameter', '422 ACCESS_TOKEN_REFUSED'],
    [404, 'not_found', '503 EXTOLE_UNAVAILABLE'],
  ])('answered with %i %s: %s', async (status, code, outcome) => {
    const server = await serve(status, { 'content-type': 'application/json' }, JSON.stringify({ code }));
    expect((await check('token', server.url)).outcome).toBe(outcome);
    await server.close();
  });
});

describe('whether Extole knows a token', () => {
  it.each<ExtoleMode>(['error', 'busy'])('is not told while Extole is in trouble: %s', async (mode) => {
    extole.setMode(mode);
    const { outcome, message } = await check(extole.accessToken);
    expect(outcome).toBe('503 EXTOLE_UNAVAILABLE');
    expect(message).not.toContain(extole.accessToken);
  });

  it('is asked once more when Extole fails once', async () => {
    extole.setMode('flaky');
    expect((await check(extole.accessToken)).outcome).toBe('accepted');
    expect(extole.calls().map(({ status }) => status)).toEqual([500, 200]);
  });

  it.each([
    ['nobody answers', 'http://localhost:1'],
    ['there is no such host', 'http://nowhere.invalid'],
  ])('is not told when %s', async (_what, url) => {
    expect(await check('token', url)).toMatchObject({
      outcome: '503 EXTOLE_UNAVAILABLE',
      counted: ['extole none 1'],
    });
  });

  it.each([
    ['a web page', 200, 'text/html', '<p>{"client_id": "1"}'],
    ['nothing at all', 204, 'application/json', ''],
    ['JSON of something else', 200, 'application/json', '{"hello":"world"}'],
    ['a refusal without a code', 403, 'text/html', 'Forbidden'],
  ])('is not told by another server: %s', async (_what, status, type, body) => {
    const server = await serve(status, { 'content-type': type }, body);
    expect((await check('token', server.url)).outcome).toBe('503 EXTOLE_UNAVAILABLE');
    await server.close();
  });

  it('is not asked of where a redirect leads', async () => {
    const thief = await serve(200, {}, '{"client_id":"1"}');
    const server = await serve(307, { location: `${thief.url}/v4/tokens` }, '');
    expect((await check('token', server.url)).outcome).toBe('503 EXTOLE_UNAVAILABLE');
    expect(server.heard).toEqual(['Bearer token']);
    expect(thief.heard).toEqual([]);
    await Promise.all([server.close(), thief.close()]);
  });
});
