import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/catalog/admin-api.js';
import { COLLEAGUE, OWNER, startTestApp, type TestApp } from '../support/app.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let test: TestApp;
let startMs: number;

beforeAll(async () => {
  test = await startTestApp();
  startMs = test.clock.timeMs;
  await test.install();
});
beforeEach(() => {
  test.clock.timeMs = startMs;
});
afterAll(() => test?.close());

const state = (headers: Record<string, string>) => test.app.inject({ url: '/api/state', headers });
const renew = (headers: Record<string, string>) =>
  test.app.inject({ method: 'POST', url: '/api/session', headers });
const refusal = async (headers: Record<string, string>) => {
  const { statusCode, body } = await state(headers);
  return [statusCode, JSON.parse(body).code];
};
const headerOf = (session: Session) => ({ authorization: `Bearer ${session.token}` });

describe('a session', () => {
  it('lets its user at the settings of its store', async () => {
    const { statusCode, body } = await state(await test.session());
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      store: { storeHash: test.storeHash, name: 'Brand' },
      user: { email: OWNER.email, locale: 'en-US' },
    });
  });

  it('lasts ten minutes', async () => {
    const headers = await test.session();
    test.clock.timeMs = startMs + 10 * MINUTE_MS - 1_000;
    expect((await state(headers)).statusCode).toBe(200);
    test.clock.timeMs = startMs + 10 * MINUTE_MS;
    expect(await refusal(headers)).toEqual([401, 'SESSION_EXPIRED']);
  });

  it('is renewed while it lasts, and not after', async () => {
    const headers = await test.session();
    test.clock.timeMs = startMs + 9 * MINUTE_MS;
    const renewed: Session = (await renew(headers)).json();
    expect(renewed.expiresAt).toBe(new Date(startMs + 19 * MINUTE_MS).toISOString());
    test.clock.timeMs = startMs + 11 * MINUTE_MS;
    expect((await state(headerOf(renewed))).statusCode).toBe(200);
    const late = await renew(headers);
    expect([late.statusCode, late.json().code]).toEqual([401, 'SESSION_EXPIRED']);
  });

  it('ends twelve hours after the page was opened, however often it is renewed', async () => {
    let headers: Record<string, string> = await test.session();
    let session: Session | undefined;
    for (let timeMs = startMs; timeMs < startMs + 12 * HOUR_MS; timeMs += 9 * MINUTE_MS) {
      test.clock.timeMs = timeMs;
      // The owner's other page must not use up what this one may ask in a minute.
      const answer = await test.app.inject({ method: 'POST', url: '/api/session', headers });
      expect(answer.statusCode).toBe(200);
      session = answer.json<Session>();
      headers = headerOf(session);
    }
    expect(session?.expiresAt).toBe(new Date(startMs + 12 * HOUR_MS).toISOString());
    test.clock.timeMs = startMs + 12 * HOUR_MS - 1_000;
    expect((await state(headers)).statusCode).toBe(200);
    test.clock.timeMs = startMs + 12 * HOUR_MS;
    expect(await refusal(headers)).toEqual([401, 'SESSION_EXPIRED']);
    expect((await renew(headers)).statusCode).toBe(401);
  });

  it('counts in the Authorization header only', async () => {
    const { authorization } = await test.session();
    const token = authorization.slice('Bearer '.length);
    expect(await refusal({})).toEqual([401, 'SESSION_MISSING']);
    expect(await refusal({ cookie: `session=${token}; authorization=Bearer ${token}` })).toEqual([
      401,
      'SESSION_MISSING',
    ]);
    const inQuery = await test.app.inject({ url: '/api/state', query: { token, authorization } });
    expect(inQuery.statusCode).toBe(401);
    expect(await refusal({ authorization: `Basic ${token}` })).toEqual([401, 'SESSION_MISSING']);
  });

  it.each([
    ['by another key', { key: Buffer.alloc(32, 7) }],
    ["by BigCommerce's secret", { key: 'client' as const }],
    ['for somebody else', { audience: 'https://app.example.com' }],
    ['by somebody else', { issuer: 'bc' }],
  ])('is not valid when it is signed %s', async (_what, { key, audience, issuer }: Forgery) => {
    const { config, clock, storeHash } = test;
    const signer = key === 'client' ? Buffer.from(config.clientSecret) : (key ?? config.sessionKey);
    const token = await new SignJWT({
      store: storeHash,
      user: OWNER.id,
      locale: 'en',
      opened_at: clock.timeMs,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(issuer ?? config.appUrl)
      .setAudience(audience ?? `${config.appUrl}/api`)
      .setExpirationTime(clock.timeMs / 1_000 + 60)
      .sign(signer);
    expect(await refusal({ authorization: `Bearer ${token}` })).toEqual([401, 'SESSION_INVALID']);
  });

  it('is not valid when one sign of it is changed, or its algorithm is none', async () => {
    const { authorization } = await test.session();
    const [, payload = ''] = authorization.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      `Bearer ${none}.${payload}.`,
      authorization.replace(`.${payload}.`, `.${payload.slice(0, -1)}.`),
    ]) {
      expect(await refusal({ authorization: token })).toEqual([401, 'SESSION_INVALID']);
    }
  });

  it('dies with its user', async () => {
    const [owner, colleague] = [await test.session(), await test.session(COLLEAGUE)];
    const jwt = await test.signedPayload({ user: COLLEAGUE });
    expect((await state(colleague)).statusCode).toBe(200);
    const removed = await test.app.inject({ url: '/remove_user', query: { signed_payload_jwt: jwt } });
    expect(removed.statusCode).toBe(200);
    expect(await refusal(colleague)).toEqual([401, 'SESSION_INVALID']);
    expect((await renew(colleague)).statusCode).toBe(401);
    expect((await state(owner)).statusCode).toBe(200);
  });

  it('dies with the installation', async () => {
    const headers = await test.session();
    const jwt = await test.signedPayload();
    await test.app.inject({ url: '/uninstall', query: { signed_payload_jwt: jwt } });
    expect(await refusal(headers)).toEqual([401, 'SESSION_INVALID']);
    await test.install();
  });

  it('is not valid for a store that is gone, though its user came at the same moment', async () => {
    const headers = await test.session();
    const uninstalledAt = (at: Date | null) =>
      test.database.db.updateTable('store').set({ uninstalled_at: at }).execute();
    await uninstalledAt(test.deps.now());
    expect(await refusal(headers)).toEqual([401, 'SESSION_INVALID']);
    await uninstalledAt(null);
    expect((await state(headers)).statusCode).toBe(200);
  });

  it('is asked for on every path of the API', async () => {
    for (const [method, url] of [
      ['GET', '/api/state'],
      ['PUT', '/api/channels/1'],
      ['GET', '/api/jobs/1'],
      ['GET', '/api/status'],
      ['POST', '/api/repair'],
      ['POST', '/api/session'],
      ['POST', '/api/checks/program-domain'],
    ] as const) {
      const answer = await test.app.inject({ method, url });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 401, 'SESSION_MISSING']);
    }
  });
});

interface Forgery {
  readonly key?: Buffer | 'client';
  readonly audience?: string;
  readonly issuer?: string;
}
