import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ADVOCATE_SUPPLIER_ID,
  type ExtoleApi,
  type ExtoleRewardState,
  FRIEND_SUPPLIER_ID,
  openAccount,
  startExtoleApi,
} from '../../examples/sandbox/extole-api/extole-api.js';
import {
  type ProgramDomain,
  startProgramDomain,
} from '../../examples/sandbox/program-domain/program-domain.js';
import { hasSpecifications, nonconformities, reason } from '../support/openapi.js';

const SPECIFICATION = new URL(
  '../../../shared/specs/extole/integration-server-to-extole.json',
  import.meta.url,
);

let extole: ExtoleApi;
let program: ProgramDomain;
let now: Date;
/** What waits for its time. */
let waiting: { readonly run: () => void; readonly delayMs: number }[];

beforeEach(async () => {
  now = new Date('2026-03-01T12:00:00Z');
  waiting = [];
  const account = openAccount({
    now: () => now,
    schedule: (run, delayMs) => {
      const one = { run, delayMs };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
  });
  extole = await startExtoleApi({ account });
  program = await startProgramDomain({ account });
});
afterEach(async () => {
  await Promise.all([extole.close(), program.close()]);
});

const letPass = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

/** Asks Extole's API. */
async function ask(path: string, body?: unknown, token = extole.accessToken) {
  const response = await fetch(`${extole.url}${path}`, {
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  return { status: response.status, body: await response.json() };
}
const retry = async (id: string): Promise<void> => {
  await fetch(`${extole.url}/v2/rewards/${id}/retry`, {
    method: 'POST',
    headers: { authorization: `Bearer ${extole.accessToken}` },
  });
};

const FULFILLED = {
  partner_reward_id: 'THANKS-7QK2',
  message: 'A coupon code of the store.',
  cost_code: null,
  face_value: null,
  face_value_type: null,
  success: true,
};
const FULFILLED_AND_SENT = {
  partner_reward_id: 'THANKS-7QK2',
  partner_reward_sent_id: null,
  message: null,
  cost_code: null,
  face_value: null,
  face_value_type: null,
  email: 'mary@example.com',
};

/** What can be said of a reward, and where it leads to. */
const SAYINGS: Readonly<Record<string, readonly [path: (id: string) => string, body: object]>> = {
  fulfilled: [(id) => `/v2/rewards/custom-reward/${id}/fulfilled`, FULFILLED],
  fulfilled_and_sent: [(id) => `/v2/rewards/custom-reward/${id}/fulfilled_and_sent`, FULFILLED_AND_SENT],
  sent: [
    (id) => `/v2/rewards/custom-reward/${id}/sent`,
    { message: null, partner_reward_sent_id: null, success: true },
  ],
  redeemed: [
    (id) => `/v2/rewards/custom-reward/${id}/redeemed`,
    { message: null, partner_reward_redeem_id: null },
  ],
  failed: [(id) => `/v2/rewards/custom-reward/${id}/failed`, { message: 'The promotion is gone.' }],
  cancel: [(id) => `/v2/rewards/${id}/cancel`, { message: null }],
  revoke: [(id) => `/v2/rewards/${id}/revoke`, { message: null }],
};
const say = (id: string, saying: string) => {
  const [path, body] = SAYINGS[saying] ?? [() => '', {}];
  return ask(path(id), body);
};

const REFUSALS: readonly [path: string, body: unknown, code: string][] = [
  ['/v2/rewards/none', undefined, 'reward_not_found'],
  ['/v2/rewards/custom-reward/none/fulfilled', FULFILLED, 'reward_not_found'],
  ['/v2/rewards/none/retry', null, 'reward_not_found'],
  ['/v2/rewards/custom-reward/REWARD/failed', [], 'binding_error'],
  ['/v2/rewards/custom-reward/REWARD/fulfilled', { ...FULFILLED, partner_reward_id: 7 }, 'binding_error'],
  [
    '/v2/rewards/custom-reward/REWARD/fulfilled_and_sent',
    { ...FULFILLED_AND_SENT, email: null },
    'binding_error',
  ],
  ['/v2/rewards?state=LOST', undefined, 'reward_state_invalid'],
  ['/v2/rewards?limit=-1', undefined, 'invalid_limit'],
  ['/v2/rewards?limit=1001', undefined, 'max_fetch_size_1000'],
  ['/v2/rewards?offset=x', undefined, 'invalid_offset'],
  ['/v2/rewards?success_only=1', undefined, 'binding_error'],
  ['/v2/rewards?time_interval=lately', undefined, 'time_interval_invalid'],
];

describe('the rewards of the stand-in', () => {
  it('tell who earned them, of which supplier, and the code once there is one', async () => {
    extole.saveSupplier({ id: ADVOCATE_SUPPLIER_ID, partnerSupplierId: '12' });
    const { id } = extole.earn({ email: 'mary@example.com', partnerUserId: '7' });
    expect((await ask(`/v2/rewards/${id}`)).body).toMatchObject({
      reward_id: id,
      state: 'EARNED',
      reward_supplier_id: ADVOCATE_SUPPLIER_ID,
      partner_reward_supplier_id: '12',
      partner_reward_id: null,
      email: 'mary@example.com',
      partner_user_id: '7',
      journey_name: 'ADVOCATE',
    });
    const told = await say(id, 'fulfilled');
    expect(told).toMatchObject({
      status: 200,
      body: { state: 'FULFILLED', partner_reward_id: 'THANKS-7QK2' },
    });
    expect((await ask(`/v2/rewards/${id}`)).body).toEqual(told.body);
    expect(extole.reward(id).history.map(({ state, message }) => [state, message])).toEqual([
      ['EARNED', null],
      ['FULFILLED', 'A coupon code of the store.'],
    ]);
  });

  it.each<[ExtoleRewardState, Record<string, ExtoleRewardState>]>([
    [
      'EARNED',
      {
        fulfilled: 'FULFILLED',
        fulfilled_and_sent: 'SENT',
        sent: 'SENT',
        failed: 'FAILED',
        cancel: 'CANCELED',
      },
    ],
    ['FULFILLED', { fulfilled_and_sent: 'SENT', sent: 'SENT', redeemed: 'REDEEMED', revoke: 'REVOKED' }],
    ['SENT', { redeemed: 'REDEEMED', revoke: 'REVOKED' }],
    ['REDEEMED', { revoke: 'REVOKED' }],
    ['FAILED', { cancel: 'CANCELED' }],
    ['CANCELED', {}],
    ['REVOKED', {}],
  ])('go from %s to what may follow, and to nothing else', async (from, outcomes) => {
    const waysThere: Record<ExtoleRewardState, readonly ExtoleRewardState[]> = {
      EARNED: [],
      FULFILLED: ['FULFILLED'],
      SENT: ['SENT'],
      REDEEMED: ['FULFILLED', 'REDEEMED'],
      FAILED: ['FAILED'],
      CANCELED: ['CANCELED'],
      REVOKED: ['FULFILLED', 'REVOKED'],
    };
    for (const saying of Object.keys(SAYINGS)) {
      const { id } = extole.earn();
      for (const state of waysThere[from]) extole.changeReward(id, state);
      const { status, body } = await say(id, saying);
      const outcome = outcomes[saying];
      expect([saying, status, outcome ? body.state : body.code]).toEqual(
        outcome ? [saying, 200, outcome] : [saying, 400, 'reward_illegal_state_transition'],
      );
      expect(extole.reward(id).state).toBe(outcome ?? from);
    }
  });

  it('come back by a retry where they failed, and only there', async () => {
    const { id } = extole.earn();
    const refused = await ask(`/v2/rewards/${id}/retry`, null);
    expect(refused).toMatchObject({ status: 400, body: { code: 'reward_in_not_retryable_state' } });
    await say(id, 'failed');
    await retry(id);
    expect(extole.reward(id).state).toBe('EARNED');
  });

  it('are carried out though the answer is lost, as a test wants', async () => {
    const { id } = extole.earn();
    extole.setFault(({ path }) => (path.endsWith('/fulfilled') ? { drop: 'after' } : undefined));
    await expect(say(id, 'fulfilled')).rejects.toThrow('fetch failed');
    expect(extole.reward(id)).toMatchObject({ state: 'FULFILLED', partnerRewardId: 'THANKS-7QK2' });
    extole.setFault();
    expect((await say(id, 'fulfilled')).body.code).toBe('reward_illegal_state_transition');
  });

  it.each(REFUSALS)('refuse %s with %o: %s', async (path, body, code) => {
    const { id } = extole.earn();
    expect(await ask(path.replace('REWARD', id), body)).toMatchObject({ status: 400, body: { code } });
    expect(extole.reward(id).state).toBe('EARNED');
  });

  it('are not for a token that may only send events', async () => {
    extole.setMode('events-only');
    expect(await ask('/v2/rewards')).toMatchObject({ status: 403, body: { code: 'access_denied' } });
    expect((await ask('/v2/rewards', undefined, 'x')).status).toBe(401);
  });
});

describe('the list of rewards', () => {
  const list = async (query: string): Promise<string[]> => {
    const { status, body } = await ask(`/v2/rewards?${query}`);
    expect(status).toBe(200);
    return body.map(({ email }: { email: string }) => email);
  };
  beforeEach(() => {
    extole.saveSupplier({ id: FRIEND_SUPPLIER_ID, partnerSupplierId: '12' });
    extole.earn({ email: 'a' });
    letPass(1_000);
    const { id } = extole.earn({ email: 'b', supplierId: FRIEND_SUPPLIER_ID });
    extole.changeReward(id, 'FULFILLED', { partnerRewardId: 'CODE' });
    letPass(1_000);
    extole.earn({ email: 'c' });
  });

  it.each<[string, string[]]>([
    ['', ['b']],
    ['success_only=true', ['b']],
    ['success_only=false', ['c', 'b', 'a']],
    ['success_only=false&state=EARNED', ['c', 'a']],
    ['success_only=false&state=EARNED&state=FULFILLED', ['c', 'b', 'a']],
    ['state=EARNED', []],
    [`success_only=false&reward_supplier_id=${ADVOCATE_SUPPLIER_ID}`, ['c', 'a']],
    [
      `success_only=false&reward_supplier_id=${ADVOCATE_SUPPLIER_ID}&reward_supplier_id=${FRIEND_SUPPLIER_ID}`,
      ['c', 'b', 'a'],
    ],
    ['success_only=false&partner_reward_supplier_id=12', ['b']],
    ['success_only=false&partner_reward_id=CODE', ['b']],
    ['success_only=false&reward_type=TANGO_V2', []],
    ['success_only=false&limit=2', ['c', 'b']],
    ['success_only=false&limit=2&offset=2', ['a']],
    ['success_only=false&offset=3', []],
    ['success_only=false&time_interval=2026-03-01T12:00:01Z/2026-03-01T12:00:02Z', ['c', 'b']],
  ])('answers %s', async (query, emails) => {
    expect(await list(query)).toEqual(emails);
  });

  it('is of the last days where it is asked for them', async () => {
    letPass(30 * 86_400_000 - 2_000);
    expect(await list('success_only=false&time_interval=P30D')).toEqual(['c', 'b', 'a']);
    letPass(1);
    expect(await list('success_only=false&time_interval=P30D')).toEqual(['c', 'b']);
  });

  it('holds 100 unless it is asked for more', async () => {
    for (let count = 0; count < 120; count += 1) extole.earn();
    expect(await list('success_only=false')).toHaveLength(100);
    expect(await list('success_only=false&limit=1000')).toHaveLength(123);
  });
});

describe.skipIf(!hasSpecifications)(`the rewards API, by Extole's specification${reason}`, () => {
  it('answers what is documented, and no more', async () => {
    for (const saying of Object.keys(SAYINGS)) {
      const { id } = extole.earn({ email: 'mary@example.com', eventValue: '24.00' });
      if (saying === 'redeemed' || saying === 'revoke') extole.changeReward(id, 'FULFILLED');
      expect((await say(id, saying)).status).toBe(200);
      if (saying === 'failed') await retry(id);
      await ask(`/v2/rewards/${id}`);
    }
    await ask('/v2/rewards?state=EARNED&success_only=false&limit=100&offset=0&time_interval=P30D');
    expect(extole.calls().map(({ status }) => status)).toEqual(extole.calls().map(() => 200));
    expect(nonconformities(extole.calls())).toEqual([]);
  });

  it.each(REFUSALS)('refuses %s with %o as documented: %s', async (path, body, code) => {
    const { components } = JSON.parse(readFileSync(SPECIFICATION, 'utf8'));
    const { unique_id: _, ...documented } = components.examples[code].value;
    expect(await ask(path, body)).toMatchObject({ status: 400, body: documented });
  });
});

describe('reward webhooks', () => {
  const KEY = 'a client key';
  let server: Server;
  let url: string;
  let received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** What is answered next; 200 once there is nothing left. */
  let statuses: number[];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    url = `http://localhost:${typeof address === 'object' ? address?.port : ''}/`;
  });
  beforeEach(() => {
    received = [];
    statuses = [];
  });
  afterAll(() => {
    server.close();
  });

  const sent = async (): Promise<void> => extole.rewardWebhook.settled();
  const ids = (): string[] => received.map(({ body }) => JSON.parse(body).reward_id);

  it('tell of a reward at once, all in one or with the data of the event', async () => {
    extole.saveSupplier({ id: ADVOCATE_SUPPLIER_ID, partnerSupplierId: '12' });
    extole.setRewardWebhook({ url, key: KEY });
    const flat = extole.earn({ email: 'mary@example.com', partnerUserId: '7', eventValue: '24.00' });
    await sent();
    extole.setRewardWebhook({ url, key: KEY, shape: 'nested' });
    const nested = extole.earn({ eventValue: '24.00' });
    await sent();
    expect(received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'reward_earned',
        event_id: expect.any(String),
        event_time: '2026-03-01T12:00:00.000Z',
        reward_id: flat.id,
        reward_supplier_id: ADVOCATE_SUPPLIER_ID,
        reward_supplier_name: expect.any(String),
        reward_supplier_type: 'CUSTOM_REWARD',
        partner_reward_supplier_id: '12',
        person_id: flat.personId,
        partner_user_id: '7',
        face_value: 20,
        face_value_type: 'USD',
        message: null,
        schema_version: expect.any(String),
      },
      {
        reward_id: nested.id,
        data: { earned_event_value: '24.00', journey_name: 'ADVOCATE', rewardee_role: 'advocate' },
      },
    ]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
  });

  const hmac = (algorithm: string, body: string): string =>
    createHmac(algorithm, KEY).update(body).digest('hex');
  it.each([
    ['hmac-sha256', 'x-extole-signature', (body: string) => hmac('sha256', body)],
    ['hmac-sha256-prefixed', 'x-extole-signature', (body: string) => `sha256=${hmac('sha256', body)}`],
    ['hmac-sha1-prefixed', 'x-extole-signature', (body: string) => `sha1=${hmac('sha1', body)}`],
    ['bearer', 'authorization', () => 'Bearer a client key'],
    ['basic', 'authorization', () => 'Basic YSBjbGllbnQga2V5'],
  ] as const)('are proved by %s', async (proof, header, expected) => {
    extole.setRewardWebhook({ url, key: KEY, proof });
    extole.earn();
    await sent();
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers[header]).toBe(expected(body));
  });

  it('come again as they were, three times, where they are not acknowledged', async () => {
    extole.setRewardWebhook({ url, key: KEY });
    statuses = [500, 404, 302, 503];
    extole.earn();
    await sent();
    const delaysMs: number[] = [];
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      delaysMs.push(next.delayMs);
      next.run();
      await sent();
    }
    expect(delaysMs).toEqual([3_600_000, 10_800_000, 43_200_000]);
    expect(received).toHaveLength(4);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(extole.rewardWebhook.counts()).toEqual({ acknowledged: 0, failed: 4, dropped: 0, exhausted: 1 });
  });

  it('come again only until they are acknowledged, after the times that a test wants', async () => {
    extole.setRewardWebhook({ url, key: KEY, retryIntervalsMs: [5, 7] });
    statuses = [500];
    extole.earn();
    await sent();
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([5]);
    waiting.shift()?.run();
    await sent();
    expect(waiting).toEqual([]);
    expect(extole.rewardWebhook.counts()).toEqual({ acknowledged: 1, failed: 1, dropped: 0, exhausted: 0 });
  });

  it('are lost, doubled and late as a test wants', async () => {
    const [lost, doubled, late] = ['lost', 'doubled', 'late'];
    extole.setRewardWebhook({
      url,
      key: KEY,
      copiesOf: ({ email }) => (email === lost ? [] : email === doubled ? [0, 0] : [250]),
    });
    const rewards = [lost, doubled, late].map((email = '') => extole.earn({ email }));
    await sent();
    expect(ids()).toEqual([rewards[1]?.id, rewards[1]?.id]);
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([250]);
    waiting.shift()?.run();
    await sent();
    expect(ids().at(-1)).toBe(rewards[2]?.id);
    expect(extole.rewardWebhook.counts()).toMatchObject({ acknowledged: 3, dropped: 1 });
  });

  it('tell of earned rewards only, unless they are set up for more', async () => {
    extole.setRewardWebhook({ url, key: KEY });
    const { id } = extole.earn();
    extole.changeReward(id, 'FAILED');
    await retry(id);
    await sent();
    extole.setRewardWebhook({ url, key: KEY, states: ['CANCELED'] });
    extole.changeReward(id, 'CANCELED', { message: 'A mistake.' });
    await sent();
    expect(received.map(({ body }) => [JSON.parse(body).type, JSON.parse(body).message])).toEqual([
      ['reward_earned', null],
      ['reward_earned', null],
      ['reward_canceled', 'A mistake.'],
    ]);
  });

  it('are not there until they are set up, nor once they are taken away', async () => {
    extole.earn();
    extole.setRewardWebhook({ url, key: KEY });
    extole.setRewardWebhook();
    extole.earn();
    await sent();
    expect(received).toEqual([]);
  });
});

describe('the referral program of the stand-in', () => {
  /** A browser with the program domain's cookie. */
  function openBrowser() {
    let cookie = '';
    const keep = (response: Response): Response => {
      const set = response.headers.get('set-cookie');
      if (set !== null) cookie = set.split(';')[0] ?? '';
      return response;
    };
    return {
      /** Shows a zone on a page of the store, and gives its creative. */
      async see(name: string, data: object = {}): Promise<string> {
        const response = await fetch(`${program.url}/zones`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', referer: 'https://brand.com/mug/', cookie },
          body: JSON.stringify({ event_name: name, data, id_token: null, jwt: null }),
        });
        return keep(response).text();
      },
      async follow(link: string): Promise<Response> {
        return keep(await fetch(link, { redirect: 'manual', headers: { cookie } }));
      },
      async signOut(): Promise<void> {
        keep(await fetch(`${program.url}/api/v5/token`, { method: 'DELETE', headers: { cookie } }));
      },
    };
  }
  const linkIn = (creative: string): string => /value="(http[^"]*)"/.exec(creative)?.[1] ?? '';

  let orderId = 1_000;
  const order = async (email: string, data: object = {}, name = 'conversion'): Promise<void> => {
    orderId += 1;
    await ask('/v6/async-events', {
      event_name: name,
      event_time: now.toISOString(),
      data: { partner_conversion_id: `${orderId}`, email, cart_value: '24.00', ...data },
    });
  };
  const earned = () => extole.rewards().map(({ role, email }) => `${role} ${email}`);

  const MARY = { email: 'mary@example.com', partner_user_id: '7', first_name: 'Mary' };
  let link: string;
  let friend: ReturnType<typeof openBrowser>;
  beforeEach(async () => {
    link = linkIn(await openBrowser().see('global_header', MARY));
    friend = openBrowser();
  });

  it('gives an advocate a link of their own to what is shared, and leads friends there', async () => {
    expect(link).toMatch(new RegExp(`^${program.url}/go/\\w+$`));
    expect(linkIn(await openBrowser().see('product', MARY))).toBe(link);
    expect(linkIn(await openBrowser().see('product', { email: 'zoe@example.com' }))).not.toBe(link);
    const content = { url: 'https://brand.com/mug/?size=1' };
    const toMug = linkIn(await openBrowser().see('product', { ...MARY, content }));
    const locationOf = async (address: string) => (await friend.follow(address)).headers.get('location');
    expect(await locationOf(link)).toMatch(/^https:\/\/brand\.com\/\?referred_by=\w+$/);
    expect(await locationOf(toMug)).toMatch(/^https:\/\/brand\.com\/mug\/\?size=1&referred_by=\w+$/);
    expect((await friend.follow(`${program.url}/go/none`)).status).toBe(404);
  });

  it('asks a guest for an e-mail address before there is a link', async () => {
    const guest = openBrowser();
    const before = await guest.see('global_header');
    expect([linkIn(before), before]).toEqual(['', expect.stringContaining('name="email"')]);
    const told = await guest.see('global_header', { email: 'guest@example.com' });
    expect(linkIn(told)).toMatch(/\/go\//);
    expect(linkIn(await guest.see('global_header'))).toBe(linkIn(told));
    await guest.signOut();
    expect(linkIn(await guest.see('global_header'))).toBe('');
  });

  it("rewards the advocate for a friend's order, once for each friend", async () => {
    await friend.follow(link);
    await friend.see('confirmation', { email: 'Grace@example.com' });
    await order('grace@example.com');
    expect(extole.rewards()).toMatchObject([
      {
        supplierId: ADVOCATE_SUPPLIER_ID,
        role: 'advocate',
        email: 'mary@example.com',
        partnerUserId: '7',
        eventValue: '24.00',
        causeEventId: extole.events()[0]?.id,
      },
    ]);
    await order('grace@example.com');
    expect(earned()).toHaveLength(1);
    const other = openBrowser();
    await other.follow(link);
    await other.see('confirmation', { email: 'alan@example.com' });
    await order('alan@example.com');
    expect(earned()).toEqual(['advocate mary@example.com', 'advocate mary@example.com']);
  });

  it("rewards the advocate also where the order comes before the friend's address", async () => {
    await friend.follow(link);
    await order('grace@example.com');
    expect(earned()).toEqual([]);
    await friend.see('confirmation', { email: 'grace@example.com' });
    expect(earned()).toEqual(['advocate mary@example.com']);
  });

  it('knows a friend who gives another address at the checkout, and rewards one coming once', async () => {
    await friend.follow(link);
    await friend.see('friend_landing', { email: 'amazing.grace@example.com' });
    await friend.see('confirmation', { email: 'grace@example.com' });
    await order('grace@example.com');
    await order('amazing.grace@example.com');
    expect(earned()).toEqual(['friend amazing.grace@example.com', 'advocate mary@example.com']);
  });

  it('knows a friend by the code of the welcome, unless it is the advocate who uses it', async () => {
    await friend.follow(link);
    await friend.see('friend_landing', { email: 'amazing.grace@example.com' });
    const [reward] = extole.rewards();
    await ask(`/v2/rewards/custom-reward/${reward?.id}/fulfilled`, FULFILLED);
    await order('mary@example.com', { coupon_code: 'THANKS-7QK2' });
    expect(earned()).toEqual(['friend amazing.grace@example.com']);
    expect(extole.rewards()[0]?.state).toBe('REDEEMED');

    const other = openBrowser();
    await other.follow(link);
    await other.see('friend_landing', { email: 'alan@example.com' });
    const second = extole.rewards()[1]?.id ?? '';
    extole.changeReward(second, 'FULFILLED', { partnerRewardId: 'THANKS-9XY3' });
    await order('turing@example.com', { coupon_code: 'WELCOME,THANKS-9XY3' });
    expect(earned().slice(1)).toEqual(['friend alan@example.com', 'advocate mary@example.com']);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['who came by themselves', () => friend.see('confirmation', { email: 'grace@example.com' })],
    [
      'who signed out in between',
      async () => {
        await friend.follow(link);
        await friend.signOut();
        await friend.see('confirmation', { email: 'grace@example.com' });
      },
    ],
    [
      'who bought before they came',
      async () => {
        await order('grace@example.com');
        letPass(1);
        await friend.follow(link);
        await friend.see('confirmation', { email: 'grace@example.com' });
      },
    ],
  ])('earns nothing by somebody %s', async (name, come) => {
    await come();
    if (!name.includes('before')) await order('grace@example.com');
    expect(earned()).toEqual([]);
  });

  it('makes nobody their own friend', async () => {
    const mary = openBrowser();
    await mary.see('global_header', MARY);
    await mary.follow(link);
    const later = openBrowser();
    await later.follow(link);
    await later.see('global_header', MARY);
    await order('mary@example.com');
    expect(earned()).toEqual([]);
    expect(await mary.see('friend_landing')).toBe('');
  });

  it('goes by what a server tells of an order, not by the page alone, and by no other event', async () => {
    await friend.follow(link);
    await friend.see('conversion', { email: 'grace@example.com', partner_conversion_id: '1' });
    await order('grace@example.com', {}, 'shipped');
    expect(earned()).toEqual([]);
    await order('grace@example.com', {}, 'converted');
    expect(earned()).toEqual(['advocate mary@example.com']);
  });

  it('counts the first link', async () => {
    const second = linkIn(await openBrowser().see('global_header', { email: 'zoe@example.com' }));
    await friend.follow(link);
    await friend.follow(second);
    await friend.see('confirmation', { email: 'grace@example.com' });
    await order('grace@example.com');
    expect(earned()).toEqual(['advocate mary@example.com']);
  });

  it('offers a friend a code, once, for an e-mail address', async () => {
    expect(await friend.see('friend_landing')).toBe('');
    await friend.follow(link);
    expect(await friend.see('friend_landing')).toContain('name="email"');
    expect(earned()).toEqual([]);
    const told = { email: 'grace@example.com' };
    const coming = await friend.see('friend_landing', told);
    expect(coming).toContain('A code is on its way.');
    expect(coming).not.toContain('name="email"');
    await friend.see('friend_landing', told);
    await friend.see('friend_landing', { email: 'another@example.com' });
    expect(earned()).toEqual(['friend grace@example.com']);
    const [reward] = extole.rewards();
    expect(reward?.supplierId).toBe(FRIEND_SUPPLIER_ID);
    await ask(`/v2/rewards/custom-reward/${reward?.id}/fulfilled`, FULFILLED);
    expect(await friend.see('friend_landing', told)).toContain('<code>THANKS-7QK2</code>');
  });

  it('shows an advocate the code until it is used, and nobody else', async () => {
    const mary = openBrowser();
    await friend.follow(link);
    await friend.see('confirmation', { email: 'grace@example.com' });
    await order('grace@example.com');
    expect(await mary.see('global_header', MARY)).toContain('A code is on its way.');
    const [reward] = extole.rewards();
    await ask(`/v2/rewards/custom-reward/${reward?.id}/fulfilled`, FULFILLED);
    expect(await mary.see('global_header', MARY)).toContain(
      '<b>Mary</b>, your $20: <code>THANKS-7QK2</code>',
    );
    expect(await mary.see('global_header', { ...MARY, locale: 'de' })).toContain(
      'Ihre 20 $: <code>THANKS-7QK2</code>',
    );
    expect(await friend.see('global_header', { email: 'grace@example.com' })).not.toContain('THANKS-7QK2');
    await order('mary@example.com', { coupon_code: 'WELCOME,THANKS-7QK2' });
    expect(extole.rewards()[0]?.state).toBe('REDEEMED');
    expect(await mary.see('global_header', MARY)).not.toContain('THANKS-7QK2');
  });
});

describe("the operator's page", () => {
  async function open(name = '', form?: Record<string, string>) {
    const response = await fetch(`${program.operatorUrl}${name && `/${name}`}`, {
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    return { status: response.status, text: await response.text() };
  }

  it("saves which promotion a supplier's codes are made under", async () => {
    const { text } = await open('supplier', { id: FRIEND_SUPPLIER_ID, partner_id: ' 12 ' });
    expect(text).toContain('The supplier was saved.');
    expect(extole.suppliers().map(({ partnerSupplierId }) => partnerSupplierId)).toEqual([null, '12']);
    await open('supplier', { id: FRIEND_SUPPLIER_ID, partner_id: '' });
    expect(extole.suppliers().map(({ partnerSupplierId }) => partnerSupplierId)).toEqual([null, null]);
  });

  it('sets up the webhook, and takes it away', async () => {
    const form = {
      url: 'http://127.0.0.1:9/x',
      key: 'k',
      proof: 'bearer',
      shape: 'nested',
      sending: 'never',
    };
    expect((await open('webhook', form)).text).toContain('value="http://127.0.0.1:9/x"');
    expect(extole.rewardWebhook.settings).toMatchObject({ key: 'k', proof: 'bearer', shape: 'nested' });
    extole.earn();
    expect(extole.rewardWebhook.counts()).toEqual({ acknowledged: 0, failed: 0, dropped: 1, exhausted: 0 });
    expect((await open('webhook', { ...form, url: 'javascript:alert(1)' })).status).toBe(400);
    await open('webhook', { ...form, url: '' });
    expect(extole.rewardWebhook.settings).toBe(undefined);
  });

  it('gives a reward, and cancels or revokes it as its state allows', async () => {
    await open('earn', { supplier: ADVOCATE_SUPPLIER_ID, email: '<b>@example.com' });
    const [reward] = extole.rewards();
    const id = reward?.id ?? '';
    const { text } = await open();
    expect(text).toContain('&#60;b&#62;@example.com');
    expect([text.includes('/cancel'), text.includes('/revoke')]).toEqual([true, false]);
    const refused = await open('revoke', { id });
    expect([refused.status, refused.text]).toEqual([
      409,
      expect.stringContaining('reward_illegal_state_transition'),
    ]);
    await open('cancel', { id });
    expect(extole.reward(id).state).toBe('CANCELED');
  });
});
