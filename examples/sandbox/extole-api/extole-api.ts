import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { type Traffic, watchTraffic } from '../bigcommerce/traffic.js';
import { listen } from '../listen.js';
import { type ExtoleErrorCode, refuse } from './errors.js';
import { type ExtoleEvent, type ExtoleEvents, eventRoutes } from './events.js';

export { extoleError } from './errors.js';
export type { AnswerPlan, EventAnswer, ExtoleEvent, SentEvent } from './events.js';

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
export interface ExtoleApi extends Traffic, ExtoleEvents {
  /** Stands for `https://api.extole.io`. */
  readonly url: string;
  /** What a merchant enters as the access token. */
  readonly accessToken: string;
  readonly mode: ExtoleMode;
  /** Changes how it answers, and forgets the calls so far. */
  setMode(mode: ExtoleMode): void;
  close(): Promise<void>;
}

/**
 * Starts the part of Extole's API that takes events, and says whether a token is one.
 *
 * It is a stand-in, made from Extole's public documents, with one client that has one token.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `GET /v4/tokens`, `POST /v6/events` and `POST /v6/async-events`.
 *
 * @param options.port - The port to take if it is free.
 * @param options.accessToken - The token; a fresh one unless it is given.
 * @param options.onEvent - Told of each event that is taken.
 */
export async function startExtoleApi(
  options: { port?: number; accessToken?: string; onEvent?: (event: ExtoleEvent) => void } = {},
): Promise<ExtoleApi> {
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
    if (error instanceof SyntaxError) return refuse(reply, 'invalid_json');
    if (error.statusCode === 415) return refuse(reply, 'unsupported_media_type');
    console.error(error);
    return refuse(reply, 'software_error');
  });
  const traffic = watchTraffic(app);
  app.addHook('preHandler', async ({ headers }, reply) => {
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
    const code = refusalOf(token);
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

  app.get('/v4/tokens', async (_request, reply) => {
    if (mode === 'events-only') return refuse(reply, 'access_denied');
    return {
      access_token: accessToken,
      client_id: '1000000',
      identity_id: '6000000000000000000',
      person_id: '6000000000000000000',
      type: 'MANAGED',
      scopes: ['BACKEND'],
      expires_in: 315_360_000,
    };
  });

  const events = eventRoutes(app, options.onEvent ?? (() => {}));

  return {
    url: `http://localhost:${await listen(app, options.port)}`,
    accessToken,
    ...traffic,
    ...events,
    get mode() {
      return mode;
    },
    setMode(next) {
      mode = next;
      traffic.clearCalls();
    },
    close: () => app.close(),
  };
}
