import { randomBytes, randomUUID } from 'node:crypto';
import Fastify, { type FastifyReply } from 'fastify';
import { listen } from '../listen.js';

/**
 * How Extole's API answers whoever has its token: as it should; as it answers a token that may send events and do nothing else;
 * as for an account that was not paid; with "too many requests"; with a server error, once or always.
 */
export const EXTOLE_MODES = ['normal', 'events-only', 'unpaid', 'busy', 'flaky', 'error'] as const;
export type ExtoleMode = (typeof EXTOLE_MODES)[number];

/** A request that the API got, and how it was answered. */
export interface ExtoleCall {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly status: number;
}

/** Extole's API for servers, on this machine. */
export interface ExtoleApi {
  /** Stands for `https://api.extole.io`. */
  readonly url: string;
  /** What a merchant enters as the access token. */
  readonly accessToken: string;
  /** The calls since the start or the last change of mode, the oldest first. */
  calls(): readonly ExtoleCall[];
  setMode(mode: ExtoleMode): void;
  close(): Promise<void>;
}

/**
 * Starts the part of Extole's API that says whether a token is one.
 *
 * It is a stand-in, made from Extole's public documents, with one client that has one token.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `GET /v4/tokens`.
 *
 * @param options.port - The port to take if it is free.
 * @param options.accessToken - The token; a fresh one unless it is given.
 */
export async function startExtoleApi(
  options: { port?: number; accessToken?: string } = {},
): Promise<ExtoleApi> {
  const accessToken = options.accessToken ?? randomBytes(20).toString('hex');
  let mode: ExtoleMode = 'normal';
  let calls: readonly ExtoleCall[] = [];

  const app = Fastify({ forceCloseConnections: true });
  app.addHook('onResponse', async ({ method, url }, { statusCode: status }) => {
    calls = [...calls, { method, url, status }].slice(-1_000);
  });
  app.addHook('onRequest', async ({ headers }, reply) => {
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
    const code = refusalOf(token);
    if (mode === 'flaky') mode = 'normal';
    if (code) await refuse(reply, code);
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 'not_found'));

  const refusalOf = (token: string | undefined): keyof typeof ERRORS | undefined => {
    if (mode === 'error' || mode === 'flaky') return 'software_error';
    if (mode === 'busy') return 'too_many_requests';
    if (token === undefined) return 'missing_access_token';
    if (token !== accessToken) return 'invalid_access_token';
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

  return {
    url: `http://localhost:${await listen(app, options.port)}`,
    accessToken,
    calls: () => calls,
    setMode(next) {
      mode = next;
      calls = [];
    },
    close: () => app.close(),
  };
}

/** Extole's errors, by the codes of its specification. `not_found` and `software_error` are our own. */
const ERRORS = {
  invalid_access_token: { status: 401, message: 'The access_token provided is invalid.' },
  payment_required: {
    status: 402,
    message: 'The access_token provided is associated with an unpaid account.',
  },
  missing_access_token: { status: 403, message: 'No access_token was provided with this request.' },
  access_denied: {
    status: 403,
    message: 'The access_token provided is not permitted to access the specified resource.',
  },
  not_found: { status: 404, message: 'The stand-in has no such operation' },
  too_many_requests: {
    status: 429,
    message: 'The server is unable to process your request at the moment, please retry later.',
  },
  software_error: { status: 500, message: 'The stand-in failed' },
} as const;

function refuse(reply: FastifyReply, code: keyof typeof ERRORS): FastifyReply {
  const { status, message } = ERRORS[code];
  return reply
    .code(status)
    .send({ unique_id: randomUUID(), http_status_code: status, code, message, parameters: {} });
}
