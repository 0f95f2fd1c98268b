import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/app/config.js';
import type { AppDeps } from '../../src/app/deps.js';
import {
  EXTOLE_REWARD_STATES,
  getReward,
  listRewards,
  type RewardResult,
  retryReward,
  tellFailed,
  tellFulfilled,
  tellFulfilledAndSent,
} from '../../src/app/extole/rewards.js';
import { createMetrics } from '../../src/app/metrics.js';
import { TIMING } from '../../src/app/timing.js';
import { testEnvironment } from '../support/app.js';
import { refusal } from '../support/deliveries.js';
import { rewardResponse, startExtoleRewards } from '../support/extole-rewards.js';
import { hasSpecifications } from '../support/openapi.js';

const TOKEN = 'token-of-brand';
const REWARD = {
  rewardId: '6957',
  state: 'EARNED',
  supplierId: '88',
  partnerSupplierId: '12',
  partnerRewardId: null,
  email: 'jane@example.com',
};

let extole: Awaited<ReturnType<typeof startExtoleRewards>>;
let deps: Pick<AppDeps, 'config' | 'metrics' | 'timing'>;

beforeAll(async () => {
  extole = await startExtoleRewards();
});
beforeEach(() => {
  extole.calls.length = 0;
  extole.problems.length = 0;
  extole.setAnswer(() => ({ status: 200, body: rewardResponse('6957') }));
  deps = {
    config: readConfig({ ...testEnvironment(), EXTOLE_API_URL: extole.url }),
    metrics: createMetrics(),
    timing: { ...TIMING, attemptTimeoutMs: 2_000 },
  };
});
afterEach(() => {
  if (hasSpecifications) expect(extole.problems).toEqual([]);
});
afterAll(() => extole?.close());

const ASKED: readonly [string, () => Promise<RewardResult>, string, unknown][] = [
  ['asks for a reward', () => getReward(deps, TOKEN, '6957'), 'GET /v2/rewards/6957', undefined],
  [
    'tells a code',
    () => tellFulfilled(deps, TOKEN, '6957', { code: 'THANKS-AB', message: 'Made by BigCommerce.' }),
    'POST /v2/rewards/custom-reward/6957/fulfilled',
    {
      partner_reward_id: 'THANKS-AB',
      message: 'Made by BigCommerce.',
      cost_code: null,
      face_value: null,
      face_value_type: null,
      success: true,
    },
  ],
  [
    'tells a code that whoever earned it has',
    () =>
      tellFulfilledAndSent(deps, TOKEN, '6957', {
        code: 'THANKS-AB',
        message: 'Made by BigCommerce.',
        email: 'jane@example.com',
      }),
    'POST /v2/rewards/custom-reward/6957/fulfilled_and_sent',
    {
      partner_reward_id: 'THANKS-AB',
      message: 'Made by BigCommerce.',
      email: 'jane@example.com',
      cost_code: null,
      face_value: null,
      face_value_type: null,
      partner_reward_sent_id: null,
    },
  ],
  [
    'tells a failure',
    () => tellFailed(deps, TOKEN, '6957', { message: 'The promotion has ended.' }),
    'POST /v2/rewards/custom-reward/6957/failed',
    { message: 'The promotion has ended.' },
  ],
  ['has one retried', () => retryReward(deps, TOKEN, '6957'), 'POST /v2/rewards/6957/retry', undefined],
];

describe.each(ASKED)('whoever %s', (_what, ask, wanted, body) => {
  it('says what Extole’s specification asks for, and learns what Extole has', async () => {
    expect(await ask()).toEqual({ kind: 'accepted', status: 200, reward: REWARD });
    expect(
      extole.calls.map(({ method, path, token, body: said }) => [`${method} ${path}`, token, said]),
    ).toEqual([[wanted, TOKEN, body]]);
    expect(await deps.metrics.calls.get()).toMatchObject({
      values: [{ labels: { to: 'extole', outcome: '2xx' } }],
    });
  });

  it.each(['reward_not_found', 'reward_illegal_state_transition', 'reward_type_not_supported'])(
    'is refused for good by a 400 %s',
    async (code) => {
      extole.setAnswer(() => refusal(400, code));
      expect(await ask()).toEqual({
        kind: 'refused',
        status: 400,
        failure: { code, message: `words of ${code}` },
      });
    },
  );

  it.each([
    [401, 'method_unauthorized'],
    [402, 'payment_required'],
    [403, 'access_denied'],
    [403, 'missing_access_token'],
  ])('can do nothing with a token that is answered %i %s', async (status, code) => {
    extole.setAnswer(() => refusal(status, code));
    expect(await ask()).toMatchObject({ kind: 'token-refused', status, failure: { code } });
  });

  it('is told how long to wait, where Extole says so', async () => {
    extole.setAnswer(() => ({ ...refusalOf(429, 'too_many_requests'), headers: { 'retry-after': '30' } }));
    expect(await ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 30_000 });
    extole.setAnswer(() => refusal(429, 'too_many_requests'));
    expect(await ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: undefined });
  });

  it.each([
    ['a failure of Extole’s', { status: 500, body: '' }],
    ['an answer that is not Extole’s', { status: 404, body: 'nothing here' }],
    ['a redirect, which is not followed', { status: 302, headers: { location: '/elsewhere' } }],
    ['nothing in it', { status: 204 }],
    ['another thing in it', { status: 200, body: { event_id: '1' } }],
    ['a state that nobody knows', { status: 200, body: rewardResponse('6957', 'EARNED', { state: 'LOST' }) }],
    ['a broken connection', 'lost'],
  ] as const)('may try again after %s', async (_why, answer) => {
    extole.setAnswer(() => answer);
    expect(await ask()).toMatchObject({ kind: 'failed' });
    expect(extole.calls).toHaveLength(1);
  });
});

const refusalOf = (status: number, code: string) => ({ status, body: { code, message: 'Slow down.' } });

it('waits for an answer no longer than it may', async () => {
  extole.setAnswer(() => 'late');
  const hurried = { ...deps, timing: { ...TIMING, attemptTimeoutMs: 100 } };
  expect(await getReward(hurried, TOKEN, '6957')).toEqual({
    kind: 'failed',
    status: null,
    failure: { code: 'EXTOLE_TIMEOUT', message: 'Extole did not answer within 0.1 seconds.' },
  });
});

it('keeps nothing personal and no token of what Extole says', async () => {
  extole.setAnswer(() => refusal(400, 'binding_error', `jane@example.com may not, by ${TOKEN}`));
  expect(await getReward(deps, TOKEN, '6957')).toMatchObject({ failure: { message: '… may not, by …' } });
});

it.each(EXTOLE_REWARD_STATES)('reads a reward that is %s', async (state) => {
  const told = { partner_reward_id: 'THANKS-AB', partner_reward_supplier_id: null, email: null };
  extole.setAnswer(() => ({ status: 200, body: rewardResponse('6957', state, told) }));
  expect(await getReward(deps, TOKEN, '6957')).toMatchObject({
    reward: { state, partnerRewardId: 'THANKS-AB', partnerSupplierId: null, email: null },
  });
});

it('lists rewards a page at a time, and says how many Extole had on it', async () => {
  extole.rewards.length = 0;
  extole.rewards.push(rewardResponse('1'), {}, rewardResponse('2', 'FAILED'));
  extole.setAnswer();
  const filter = { states: [], supplierIds: [], interval: null };
  expect(await listRewards(deps, TOKEN, filter, 0)).toMatchObject({
    kind: 'accepted',
    rewards: [{ rewardId: '1' }, { rewardId: '2' }],
    listedCount: 3,
  });
  expect(await listRewards(deps, TOKEN, filter, 3)).toMatchObject({ rewards: [], listedCount: 0 });
});
