import Fastify from 'fastify';
import { listen } from '../../examples/sandbox/listen.js';
import type { ExtoleRewardState } from '../../src/app/extole/rewards.js';
import { requestNonconformities } from './openapi.js';

/** What the stand-in for Extole was asked. */
export interface RewardCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** What it answers; `lost`: it breaks the connection; `late`: it never answers. */
export type RewardAnswer =
  | 'lost'
  | 'late'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** Gives `undefined` where rewards are listed. */
type Answering = (call: RewardCall) => RewardAnswer | undefined | Promise<RewardAnswer | undefined>;
const listing = (): undefined => undefined;

/** A reward as Extole has it. Source: Extole, OpenAPI file "Server to Extole", `RewardResponse`. */
export const rewardResponse = (
  rewardId: string,
  state: ExtoleRewardState = 'EARNED',
  rest: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  action_id: '1',
  campaign_id: '2',
  cause_event_id: '3',
  container: 'production',
  created_at: '2026-03-01T11:00:00Z',
  data: { earned_event_value: '64.00' },
  email: 'jane@example.com',
  face_value: 10,
  face_value_type: 'USD',
  journey_key: {},
  journey_name: 'ADVOCATE',
  partner_reward_id: null,
  partner_reward_key_type: 'COUPON',
  partner_reward_supplier_id: '12',
  partner_user_id: null,
  person_id: '4',
  reward_id: rewardId,
  reward_supplier_id: '88',
  root_event_id: '5',
  sandbox: 'production-production',
  state,
  ...rest,
});

/**
 * Starts a stand-in for Extole that lists rewards, page by page, and that a test rules. What is said to it can be held to Extole's specification.
 */
export async function startExtoleRewards() {
  const app = Fastify({ forceCloseConnections: true });
  const rewards: Readonly<Record<string, unknown>>[] = [];
  const calls: RewardCall[] = [];
  const problems: string[] = [];
  let answerTo: Answering = listing;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, JSON.parse(`${body}`)),
  );
  app.all('/*', async ({ method, url, headers, body }, reply) => {
    const { pathname: path, searchParams: query } = new URL(url, 'http://localhost');
    const token = headers.authorization?.replace(/^Bearer /, '');
    const call: RewardCall = { method, path, query, token, body };
    calls.push(call);
    problems.push(
      ...requestNonconformities({
        index: calls.length,
        method,
        path,
        query: Object.fromEntries(query),
        headers: { 'content-type': headers['content-type'] ?? '' },
        ...(body !== undefined && { body }),
      }),
    );
    const answer = (await answerTo(call)) ?? { status: 200, body: listed(query) };
    if (answer === 'late') return new Promise(() => {});
    if (answer === 'lost') {
      reply.hijack().raw.destroy();
      return reply;
    }
    const { status, headers: answered = {}, body: content } = answer;
    return reply.code(status).headers(answered).send(content);
  });

  function listed(query: URLSearchParams): unknown[] {
    const isOneOf = (name: string, value: unknown): boolean =>
      !query.has(name) || query.getAll(name).some((one) => one === value);
    const offset = Number(query.get('offset'));
    return rewards
      .filter(
        (reward) =>
          isOneOf('state', reward.state) && isOneOf('reward_supplier_id', reward.reward_supplier_id),
      )
      .slice(offset, offset + Number(query.get('limit')));
  }

  return {
    url: `http://localhost:${await listen(app)}`,
    /** What it lists, in this order. */
    rewards,
    /** In the order in which they came. */
    calls,
    /** What of that does not conform to Extole's specification. */
    problems,
    /** What it answers from now on where that gives something; lists, unless said otherwise. */
    setAnswer(answer: Answering = listing): void {
      answerTo = answer;
    },
    close: () => app.close(),
  };
}
