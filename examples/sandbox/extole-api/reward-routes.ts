import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parametersOf } from '../requests.js';
import type { ExtoleAccount } from './account.js';
import { refuse } from './errors.js';
import { rewardData } from './reward-webhook.js';
import {
  type ChangeDetails,
  type EarnedReward,
  EXTOLE_REWARD_STATES,
  type ExtoleRewardState,
  RewardRefusal,
} from './rewards.js';

const text = z.string().nullable().optional();
const amount = { cost_code: text, face_value: z.number().nullable().optional(), face_value_type: text };
const message = z.object({ message: text });

/** What may be done about a reward. The specification asks for every member, the guides for a few: what is absent is `null`. */
const CHANGES: readonly {
  readonly path: string;
  readonly body: z.ZodType<Readonly<Record<string, unknown>>>;
  readonly change: (body: Readonly<Record<string, unknown>>) => [ExtoleRewardState, ChangeDetails];
}[] = [
  {
    path: '/v2/rewards/custom-reward/:id/fulfilled',
    body: z.object({
      ...amount,
      message: text,
      partner_reward_id: text,
      success: z.boolean().nullable().optional(),
    }),
    change: (body) => [body.success === false ? 'FAILED' : 'FULFILLED', detailsOf(body)],
  },
  {
    path: '/v2/rewards/custom-reward/:id/fulfilled_and_sent',
    body: z.object({
      ...amount,
      message: text,
      email: z.string(),
      partner_reward_id: z.string(),
      partner_reward_sent_id: text,
    }),
    change: (body) => ['SENT', detailsOf(body)],
  },
  {
    path: '/v2/rewards/custom-reward/:id/sent',
    body: z.object({
      message: text,
      partner_reward_sent_id: text,
      success: z.boolean().nullable().optional(),
    }),
    change: ({ message }) => ['SENT', detailsOf({ message })],
  },
  {
    path: '/v2/rewards/custom-reward/:id/redeemed',
    body: z.object({ message: text, partner_reward_redeem_id: text }),
    change: (body) => ['REDEEMED', detailsOf(body)],
  },
  {
    path: '/v2/rewards/custom-reward/:id/failed',
    body: message,
    change: (body) => ['FAILED', detailsOf(body)],
  },
  { path: '/v2/rewards/:id/cancel', body: message, change: (body) => ['CANCELED', detailsOf(body)] },
  { path: '/v2/rewards/:id/revoke', body: message, change: (body) => ['REVOKED', detailsOf(body)] },
];

const detailsOf = (body: Readonly<Record<string, unknown>>): ChangeDetails => ({
  message: typeof body.message === 'string' ? body.message : null,
  ...(typeof body.partner_reward_id === 'string' && { partnerRewardId: body.partner_reward_id }),
});

/**
 * Extole's rewards, and what whoever fulfils them says of them.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `/v2/rewards`. In which order they are listed is documented nowhere: here it is the newest
 * first, so that whoever pages through them sees some twice.
 */
export function rewardRoutes(app: FastifyInstance, account: ExtoleAccount): void {
  const { rewards } = account;
  const answer = (reward: EarnedReward): object => rewardAnswer(account, reward);

  app.get('/v2/rewards', async (request) => {
    const { isWanted, limit, offset } = queryOf(request, account);
    const found = rewards.all().filter(isWanted).reverse();
    return found.slice(offset, offset + limit).map(answer);
  });
  app.get<{ Params: { id: string } }>('/v2/rewards/:id', async ({ params }) =>
    answer(rewards.find(params.id)),
  );

  for (const { path, body: schema, change } of CHANGES) {
    app.post<{ Params: { id: string } }>(path, async ({ params, body }, reply) => {
      if (body === undefined) return refuse(reply, 'missing_request_body');
      const said = schema.safeParse(body).data;
      if (!said) return refuse(reply, 'binding_error');
      return answer(rewards.change(params.id, ...change(said)));
    });
  }
  app.post<{ Params: { id: string } }>('/v2/rewards/:id/retry', async ({ params: { id } }) => {
    if (rewards.find(id).state !== 'FAILED') throw new RewardRefusal('reward_in_not_retryable_state');
    return answer(rewards.change(id, 'EARNED'));
  });
}

/** By what a list can be filtered, and a reward is answered with. */
function identifiersOf({ rewards }: ExtoleAccount, reward: EarnedReward) {
  return {
    state: reward.state,
    reward_supplier_id: reward.supplierId,
    partner_reward_supplier_id: rewards.supplierOf(reward).partnerSupplierId,
    person_id: reward.personId,
    action_id: reward.causeEventId,
    root_event_id: reward.causeEventId,
    partner_reward_id: reward.partnerRewardId,
  };
}

function rewardAnswer(account: ExtoleAccount, reward: EarnedReward): object {
  return {
    reward_id: reward.id,
    ...identifiersOf(account, reward),
    cause_event_id: reward.causeEventId,
    campaign_id: '6000000000000000010',
    container: 'production',
    sandbox: 'production-production',
    created_at: reward.createdAt.toISOString(),
    data: rewardData(reward),
    email: reward.email,
    face_value: account.rewards.supplierOf(reward).faceValue,
    face_value_type: 'USD',
    journey_key: { name: 'journey_name', value: reward.role.toUpperCase() },
    journey_name: reward.role.toUpperCase(),
    partner_reward_key_type: 'COUPON',
    partner_user_id: reward.partnerUserId,
  };
}

/** The states of which Extole says that a reward was fulfilled. */
const SUCCESSES: readonly ExtoleRewardState[] = ['FULFILLED', 'SENT', 'REDEEMED'];

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Reads which rewards are asked for. A filter that is repeated takes each of its values. */
function queryOf(request: FastifyRequest, account: ExtoleAccount) {
  const query = parametersOf(request);
  const isState = (value: string): boolean => EXTOLE_REWARD_STATES.some((state) => state === value);
  if (!query.getAll('state').every(isState)) throw new RewardRefusal('reward_state_invalid');
  const successOnly = query.get('success_only') ?? 'true';
  if (successOnly !== 'true' && successOnly !== 'false') throw new RewardRefusal('binding_error');
  const limit = countOf(query.get('limit') ?? `${DEFAULT_LIMIT}`, 'invalid_limit');
  if (limit > MAX_LIMIT) throw new RewardRefusal('max_fetch_size_1000');
  const [fromMs, toMs] = intervalOf(query.get('time_interval'), account.now());
  return {
    limit,
    offset: countOf(query.get('offset') ?? '0', 'invalid_offset'),
    isWanted(reward: EarnedReward): boolean {
      const createdMs = reward.createdAt.getTime();
      if (createdMs < fromMs || createdMs > toMs) return false;
      if (successOnly === 'true' && !SUCCESSES.includes(reward.state)) return false;
      const said = { ...identifiersOf(account, reward), reward_type: 'CUSTOM_REWARD' };
      return Object.entries(said).every(
        ([name, value]) => !query.has(name) || query.getAll(name).includes(value ?? ''),
      );
    },
  };
}

function countOf(value: string, code: 'invalid_limit' | 'invalid_offset'): number {
  if (!/^\d{1,9}$/.test(value)) throw new RewardRefusal(code);
  return Number(value);
}

/** `P30D` for the last 30 days, or two times with a slash between them. */
function intervalOf(value: string | null, now: Date): readonly [fromMs: number, toMs: number] {
  if (value === null) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const [, days, hours] = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(value) ?? [];
  if (days || hours) {
    const pastMs = (Number(days ?? 0) * 24 + Number(hours ?? 0)) * 3_600_000;
    return [now.getTime() - pastMs, now.getTime()];
  }
  const [from = Number.NaN, to = Number.NaN] = value.split('/').map((time) => Date.parse(time));
  if (Number.isNaN(from) || Number.isNaN(to)) throw new RewardRefusal('time_interval_invalid');
  return [from, to];
}
