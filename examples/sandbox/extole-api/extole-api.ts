import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { type Traffic, watchTraffic } from '../bigcommerce/traffic.js';
import { listen } from '../listen.js';
import { type ExtoleAccount, openAccount } from './account.js';
import { type ExtoleErrorCode, refuse } from './errors.js';
import { type ExtoleEvent, type ExtoleEvents, eventRoutes } from './events.js';
import { rewardRoutes } from './reward-routes.js';
import type { RewardWebhook } from './reward-webhook.js';
import { RewardRefusal, type Rewards } from './rewards.js';

export { type AccountOptions, type ExtoleAccount, openAccount } from './account.js';
export { extoleError } from './errors.js';
export type { AnswerPlan, EventAnswer, ExtoleEvent, SentEvent } from './events.js';
export type { RewardWebhookSettings, WebhookShape } from './reward-webhook.js';
export {
  ADVOCATE_SUPPLIER_ID,
  type EarnedReward,
  type ExtoleRewardState,
  FRIEND_SUPPLIER_ID,
} from './rewards.js';

/**
 * How Extole's API answers whoever has its token: as it should; as it answers a token that may send events and do nothing else;
 * as a token that is not valid any more; as for an account that was not paid; with "too many requests"; with a server error, once or
 * always.
 */
export const EXTOLE_MODES = [
  'normal',
  'events-only',
  'token-refused',
  'unpaid',
  'busy',
  'flaky',
  'error',
] as const;
export type ExtoleMode = (typeof EXTOLE_MODES)[number];

/** Extole's API for servers, on this machine. */
export interface ExtoleApi
  extends Traffic,
    ExtoleEvents,
    Pick<Rewards, 'earn' | 'saveSupplier' | 'suppliers'> {
  /** Stands for `https://api.extole.io`. */
  readonly url: string;
  /** What a merchant enters as the access token. */
  readonly accessToken: string;
  readonly mode: ExtoleMode;
  /** All rewards, the oldest first, and what became of them. */
  rewards: Rewards['all'];
  /** One of them. */
  reward: Rewards['find'];
  /** Changes a reward as an operator or whoever fulfils it does. */
  changeReward: Rewards['change'];
  /** Sets up the webhook that is told of rewards, or has none with nothing. Its `copiesOf` loses, doubles or delays what is sent. */
  setRewardWebhook: RewardWebhook['set'];
  readonly rewardWebhook: Pick<RewardWebhook, 'settings' | 'counts' | 'settled'>;
  /** Changes how it answers, and forgets the calls so far. */
  setMode(mode: ExtoleMode): void;
  close(): Promise<void>;
}

/**
 * Starts the part of Extole's API that takes events, keeps rewards, and says whether a token is one.
 *
 * It is a stand-in, made from Extole's public documents, with one client that has one token.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `GET /v4/tokens`, `POST /v6/events`, `POST /v6/async-events` and `/v2/rewards`.
 *
 * @param options.port - The port to take if it is free.
 * @param options.accessToken - The token; a fresh one unless it is given.
 * @param options.onEvent - Told of each event that is taken.
 * @param options.account - What it shares with a program domain; an account of its own unless it is given.
 */
export async function startExtoleApi(
  options: {
    port?: number;
    accessToken?: string;
    onEvent?: (event: ExtoleEvent) => void;
    account?: ExtoleAccount;
  } = {},
): Promise<ExtoleApi> {
  const { account = openAccount(), onEvent = () => {} } = options;
  const { rewards, webhook } = account;
  const accessToken = options.accessToken ?? randomBytes(20).toString('hex');
  let mode: ExtoleMode = 'normal';

  const app = Fastify({ forceCloseConnections: true });
  // Fastify's own reader refuses keys such as `__proto__`, which a merchant may well send.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, text: unknown) =>
      typeof text === 'string' && text ? JSON.parse(text) : undefined,
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    if (error instanceof RewardRefusal) return refuse(reply, error.code);
    if (error instanceof SyntaxError) return refuse(reply, 'invalid_json');
    if (error.statusCode === 415) return refuse(reply, 'unsupported_media_type');
    console.error(error);
    return refuse(reply, 'software_error');
  });
  const traffic = watchTraffic(app);
  app.addHook('preHandler', async ({ headers, url }, reply) => {
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
    const mayOnlySendEvents = mode === 'events-only' && !url.startsWith('/v6/');
    const code = refusalOf(token) ?? (mayOnlySendEvents ? 'access_denied' : undefined);
    if (mode === 'flaky') mode = 'normal';
    if (code) await refuse(reply, code);
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'not_found'));

  const refusalOf = (token: string | undefined): ExtoleErrorCode | undefined => {
    if (mode === 'error' || mode === 'flaky') return 'software_error';
    if (mode === 'busy') return 'too_many_requests';
    if (token === undefined) return 'missing_access_token';
    if (token !== accessToken || mode === 'token-refused') return 'invalid_access_token';
    return mode === 'unpaid' ? 'payment_required' : undefined;
  };

  app.get('/v4/tokens', async () => ({
    access_token: accessToken,
    client_id: '1000000',
    identity_id: '6000000000000000000',
    person_id: '6000000000000000000',
    type: 'MANAGED',
    scopes: ['BACKEND'],
    expires_in: 315_360_000,
  }));
  const events = eventRoutes(app, (event) => {
    onEvent(event);
    account.referrals.hear(event);
  });
  rewardRoutes(app, account);

  return {
    url: `http://localhost:${await listen(app, options.port)}`,
    accessToken,
    ...traffic,
    ...events,
    earn: rewards.earn,
    rewards: rewards.all,
    reward: rewards.find,
    changeReward: rewards.change,
    suppliers: rewards.suppliers,
    saveSupplier: rewards.saveSupplier,
    setRewardWebhook: webhook.set,
    rewardWebhook: webhook,
    get mode() {
      return mode;
    },
    setMode(next) {
      mode = next;
      traffic.clearCalls();
    },
    async close() {
      await Promise.all([app.close(), webhook.close()]);
    },
  };
}
