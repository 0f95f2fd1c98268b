import type { LightMyRequestResponse } from 'fastify';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emailHash } from '../../src/app/privacy/email-hash.js';
import { webhookSecretPurpose } from '../../src/app/provision/webhooks.js';
import { storeTokenPurpose } from '../../src/app/stores/stores.js';
import type { SaveAnswer } from '../../src/catalog/admin-api.js';
import { keepEvents, storedEvent } from '../support/activity-events.js';
import { COLLEAGUE, OWNER } from '../support/app.js';
import { appStore, EXTOLE_TOKEN } from '../support/app-store.js';

const store = appStore();

const VERIFICATION_KEY = 'a-key-of-extole-that-signs-who-a-shopper-is';
const SHOPPER_EMAIL = 'ada@shopper.example';
const STOREFRONT = 'https://brand.example';

/** Everything that left the app while a test ran. */
interface Outgoing {
  readonly answers: readonly LightMyRequestResponse[];
  readonly logged: string;
  readonly metrics: string;
}

const watchAnswers = () => vi.spyOn(store.test.app, 'inject');

let inject: ReturnType<typeof watchAnswers>;
/** What may be in no answer and in no log. */
let secrets: Map<string, string>;
/** What BigCommerce and browsers send us. It may be answered to whoever sent it, and goes into no log. */
let carried: Map<string, string>;

beforeEach(() => {
  inject = watchAnswers();
  secrets = new Map();
  carried = new Map();
});
afterEach(() => vi.restoreAllMocks());

async function outgoing(): Promise<Outgoing> {
  const { deps, logged } = store.test;
  const answers: LightMyRequestResponse[] = [];
  for (const { value } of inject.mock.results) {
    const answer = await value;
    if (answer) answers.push(answer);
  }
  return { answers, logged: logged(), metrics: await deps.metrics.registry.metrics() };
}

/** All that a store goes through, with each thing that can fail failing once. */
async function fullRun(): Promise<void> {
  const { app, api, clock, config, deps, signedPayload, storeHash } = store.test;
  const note = (name: string, value: string): string => {
    carried.set(name, value);
    return value;
  };
  secrets.set('client secret', config.clientSecret);
  secrets.set('session key', config.sessionKey.toString('base64'));
  for (const key of config.encryptionKeys) secrets.set('encryption key', key.toString('base64'));
  secrets.set("Extole's token", EXTOLE_TOKEN);
  secrets.set('a refused token', 'a-token-that-extole-does-not-know');
  secrets.set('verification key', VERIFICATION_KEY);

  await app.inject({
    url: '/load',
    query: { signed_payload_jwt: note('JWT of a load', await signedPayload()) },
  });
  await app.inject({ url: '/load', query: { signed_payload_jwt: `${carried.get('JWT of a load')}x` } });
  await app.inject({
    url: '/auth',
    query: { code: note('code', 'a-code-that-is-not-known'), scope: 'x', context: `stores/${storeHash}` },
  });

  note('session', (await store.test.session()).authorization.slice('Bearer '.length));
  await app.inject({ url: '/api/state', headers: { authorization: `Bearer ${carried.get('session')}x` } });
  await app.inject({ url: '/api/state', headers: { authorization: `Bearer ${carried.get('session')}` } });

  await store.save(
    { programDomain: 'share.brand.example' },
    { accessToken: 'a-token-that-extole-does-not-know' },
  );
  const saved = await store.save<SaveAnswer>(
    { programDomain: 'share.brand.example' },
    { accessToken: EXTOLE_TOKEN, verificationKey: { keyId: 'key-1', key: VERIFICATION_KEY } },
  );
  expect(saved.status).toBe(200);
  // Bad input with secrets in it, one by one.
  await store.save(
    {},
    {
      accessToken: `${EXTOLE_TOKEN} with a space`,
      verificationKey: { keyId: 'x', key: VERIFICATION_KEY.slice(0, 31) },
    },
  );
  await store.ask('PUT', '/api/channels/1', { body: { accessToken: EXTOLE_TOKEN, [VERIFICATION_KEY]: 1 } });

  await store.run('provision');
  const row = await deps.db.selectFrom('store').selectAll().executeTakeFirstOrThrow();
  const open = (sealed: Buffer | null, purpose: string): string => {
    if (!sealed) throw new Error('The store has lost it.');
    return deps.secrets.open(sealed, purpose);
  };
  secrets.set("BigCommerce's token", open(row.access_token, storeTokenPurpose(storeHash)));
  const webhookSecret = open(row.webhook_secret, webhookSecretPurpose(storeHash));
  secrets.set('webhook secret', webhookSecret);

  for (const secret of [webhookSecret, 'another']) {
    await app.inject({
      method: 'POST',
      url: '/webhooks/bigcommerce',
      headers: { 'x-extole-webhook-secret': secret },
      payload: { scope: 'store/channel/updated', producer: `stores/${storeHash}`, data: {} },
    });
  }
  const nowSeconds = Math.floor(clock.timeMs / 1_000);
  const current = await new SignJWT({
    customer: { id: 7, email: SHOPPER_EMAIL, group_id: '1' },
    store_hash: storeHash,
    application_id: config.clientId,
    operation: 'current_customer',
    version: 1,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('bc/apps')
    .setSubject(storeHash)
    .setAudience(config.clientId)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + 900)
    .sign(Buffer.from(config.clientSecret));
  note('JWT of a shopper', current);
  for (const payload of [current, `${current}x`]) {
    await app.inject({
      method: 'POST',
      url: '/shoppers/verify',
      headers: { origin: STOREFRONT, 'content-type': 'text/plain' },
      payload,
    });
  }

  await lookAtActivity(note('name of a shopper', 'Lovelace-Byron'));

  // BigCommerce fails in each way, and quotes what it was sent.
  const token = secrets.get("BigCommerce's token") ?? '';
  for (const status of [401, 403, 422]) {
    api.setFault(() => ({ status, body: { title: `no: ${token} of ${OWNER.email}` } }));
    await store.ask('GET', '/api/status?look=true');
    await store.ask('POST', '/api/repair');
    await store.run('provision', { number: 1, isLast: true });
  }
  api.setFault();
  await store.ask('GET', '/api/status');
  await app.inject({ url: '/metrics' });
  await app.inject({
    url: '/remove_user',
    query: { signed_payload_jwt: await signedPayload({ user: COLLEAGUE }) },
  });
  await app.inject({ url: '/uninstall', query: { signed_payload_jwt: await signedPayload() } });
}

/** All that the Activity page can ask for, with an event that Extole refused and quoted. */
async function lookAtActivity(lastName: string): Promise<void> {
  const { deps, storeHash } = store.test;
  const [id = ''] = await keepEvents(deps.db, [
    storedEvent(storeHash, deps.now(), {
      state: 'dead',
      delivered_at: null,
      data: JSON.stringify({ email: SHOPPER_EMAIL, last_name: lastName }),
      email_hash: emailHash(storeHash, SHOPPER_EMAIL),
      failure_code: 'event_blocked',
      failure_message: `${SHOPPER_EMAIL} is blocked`,
    }),
  ]);
  for (const path of [
    'activity',
    'events',
    'events?state=dead',
    `events/${id}`,
    `events/${id}?reveal=true`,
  ]) {
    expect((await store.ask('GET', `/api/${path}`)).status).toBe(200);
  }
  await store.test.app.inject({ url: '/api/events.csv', headers: await store.test.session() });
  await store.ask('GET', `/api/events?cursor=${SHOPPER_EMAIL}`);
  await store.ask('GET', `/api/events/${SHOPPER_EMAIL.slice(0, 3)}?reveal=true`);
  await store.ask('POST', '/api/events/replay', { body: { ids: [id] } });
  await store.ask('POST', '/api/events/replay', { body: { ids: [SHOPPER_EMAIL] } });
  await store.ask('POST', '/api/events/test', { body: { channelId: 1 } });
  await store.ask('POST', '/api/orders/import', { body: { since: '2026-01-01T00:00:00Z' } });
  await store.ask('POST', '/api/erasures', { body: { email: SHOPPER_EMAIL } });
  await store.ask('POST', '/api/erasures', { body: { email: `${SHOPPER_EMAIL} ${lastName}` } });
  await store.ask('GET', '/api/erasures');
}

describe('after a full run', () => {
  it('no secret is in any answer, log or metric', async () => {
    await fullRun();
    const { answers, logged, metrics } = await outgoing();
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(
      expect.arrayContaining([200, 202, 401, 403, 422]),
    );
    const said = answers.map(({ headers, body }) => `${JSON.stringify(headers)}\n${body}`).join('\n');
    for (const [name, secret] of secrets) {
      expect(said.includes(secret), `${name} is in an answer`).toBe(false);
      expect(logged.includes(secret), `${name} is in the log`).toBe(false);
      expect(metrics.includes(secret), `${name} is in a metric`).toBe(false);
    }
  });

  it('nothing that came along with a request is in the log or in a metric', async () => {
    await fullRun();
    const { logged, metrics } = await outgoing();
    expect(logged).toContain('"path":"/load"');
    const people = [OWNER.email, COLLEAGUE.email, SHOPPER_EMAIL].map((email) => [email, email] as const);
    for (const [name, value] of [...carried, ...people]) {
      expect(logged.includes(value), `${name} is in the log`).toBe(false);
      expect(metrics.includes(value), `${name} is in a metric`).toBe(false);
    }
    expect(metrics).not.toContain(store.test.storeHash);
  });
});
