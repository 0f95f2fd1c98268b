import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { type ExtoleAccount, type ExtoleEvent, openAccount } from '../extole-api/extole-api.js';
import { listen } from '../listen.js';
import { LANDING_ZONE, type Participant, renderCreative, sharedAddress } from './creatives.js';
import { OPERATOR_PATH, operatorRoutes } from './operator.js';

/**
 * How `core.js` is answered: as it should be, late, with a server error, with one for a while, with an HTML page, with a script
 * that brings nothing.
 */
export const CORE_MODES = ['normal', 'slow', 'error', 'flaky', 'html', 'no-global'] as const;
export type CoreMode = (typeof CORE_MODES)[number];

/** A zone request that the program domain got, and what it answered. */
export interface ZoneRequest {
  /** Counts up from 1. */
  readonly number: number;
  /** ISO 8601. */
  readonly receivedAt: string;
  /** The address of the page that asked, or its origin where the browser tells no more. */
  readonly page: string;
  /** The zone's name; empty when the request has none. */
  readonly zone: string;
  /** The event data; empty when the request has none. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The whole body: what its JSON says, or its text if that is no JSON. */
  readonly body: unknown;
  /** The HTTP status, and what came with it: a creative, nothing, or an error's code. */
  readonly answer: {
    readonly status: number;
    readonly kind: 'creative' | 'empty' | 'error';
    readonly code?: string;
  };
}

/** A page had Extole forget its shopper. Counted among the zone requests, in the order in which they came. */
interface Logout extends Pick<ZoneRequest, 'number' | 'receivedAt' | 'page'> {}

/** An event that came to Extole's API from a server. Counted among the zone requests, too. */
interface ServerEvent extends Pick<ZoneRequest, 'number' | 'receivedAt'> {
  readonly event: ExtoleEvent;
}

/** A merchant's program domain on this machine, with a stand-in for Extole behind it. */
export interface ProgramDomain {
  /** `http://localhost:4001`; a page that lists every zone request, and what came to Extole's API, live. */
  readonly url: string;
  /** What a merchant enters as the program domain: `localhost:4001`. */
  readonly programDomain: string;
  /** `http://localhost:4001/operator`; the account's rewards, their suppliers and their webhook. */
  readonly operatorUrl: string;
  /** The zone requests since the start or the last clearing, oldest first; the last 1,000 of them. */
  zoneRequests(): readonly ZoneRequest[];
  clearZoneRequests(): void;
  /** Has the page list an event that came to Extole's API. */
  showEvent(event: ExtoleEvent): void;
  /** How many times a page asked for `core.js`, since the start or the last clearing. */
  coreRequests(): number;
  /** How many times a page had Extole forget its shopper. */
  logouts(): number;
  /**
   * @param amount - In the mode `slow`: how late `core.js` comes, in milliseconds (10,000). In the mode `flaky`: how many
   *   requests for it fail before it comes (1).
   */
  setCoreMode(mode: CoreMode, amount?: number): void;
  close(): Promise<void>;
}

const KEPT_REQUESTS = 1_000;
const BROWSER_FILES = join(import.meta.dirname, 'browser');

/**
 * Starts a program domain: Extole's core tag at `/core.js`, its zones at `/zones`, advocates' links at `/go/`, a page that shows what came
 * in, and one where an operator sees to rewards.
 *
 * It is a stand-in, made from Extole's public documents. Unlike Extole it answers the pages of every host: there is no
 * list of Production and Testing sites.
 *
 * Source: Extole, Integration API (Consumer to Extole), `POST /zones` and `DELETE /api/v5/token`.
 *
 * @param options.port - The port to take if it is free.
 * @param options.account - What it shares with Extole's API; an account of its own unless it is given.
 */
export async function startProgramDomain(
  options: { port?: number; account?: ExtoleAccount } = {},
): Promise<ProgramDomain> {
  const { account = openAccount() } = options;
  const { people, referrals } = account;
  let received: readonly (ZoneRequest | Logout | ServerEvent)[] = [];
  let receivedCount = 0;
  let coreCount = 0;
  let logoutCount = 0;
  let core: { mode: CoreMode; amount: number } = { mode: 'normal', amount: 0 };
  const watchers = new Set<ServerResponse>();
  const tell = (event: string, data: unknown, to: Iterable<ServerResponse> = watchers): void => {
    for (const watcher of to) watcher.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const state = () => ({ mode: core.mode, received });
  const control = {
    clearZoneRequests(): void {
      received = [];
      coreCount = 0;
      tell('state', state());
    },
    setCoreMode(mode: CoreMode, amount = mode === 'slow' ? 10_000 : 1): void {
      core = { mode, amount };
      tell('state', state());
    },
  };
  const keep = (
    entry: Omit<ZoneRequest, 'number' | 'receivedAt'> | Pick<Logout, 'page'> | Pick<ServerEvent, 'event'>,
  ): void => {
    receivedCount += 1;
    const kept = { number: receivedCount, receivedAt: new Date().toISOString(), ...entry };
    received = [...received, kept].slice(-KEPT_REQUESTS);
    tell('received', kept);
  };

  const app = Fastify({ forceCloseConnections: true });
  // Bodies are read by us: Fastify's own reader refuses keys such as `__proto__`, which a page may well send.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'text/plain'],
    { parseAs: 'string' },
    async (_request: unknown, body: unknown) => body,
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    if (error.statusCode === 415) return refuse(reply, 'unsupported_media_type');
    if (error.statusCode === 413) return refuse(reply, 'request_too_large');
    console.error(error);
    return refuse(reply, 'software_error');
  });

  // The core tag is called from the pages of other origins, with cookies.
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!origin || !/^\/(zones|api)\b/.test(request.url)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    if (request.method !== 'OPTIONS') return;
    reply.headers({
      'access-control-allow-methods': 'POST, DELETE',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    });
    await reply.code(204).send();
  });
  app.options('/*', async (_request, reply) => reply.code(204).send());

  await app.register(fastifyStatic, { root: BROWSER_FILES, index: 'live.html', cacheControl: false });

  app.get('/core.js', async (_request, reply) => {
    const { mode, amount } = core;
    coreCount += 1;
    reply.header('cache-control', 'no-store').header('access-control-allow-origin', '*');
    if (mode === 'slow') await sleep(amount, undefined, { ref: false });
    if (mode === 'error') return reply.code(500).type('text/plain').send('Internal Server Error');
    if (mode === 'flaky' && amount > 0) {
      core = { mode, amount: amount - 1 };
      // Browsers try again by themselves where a connection breaks, so it is answered.
      return reply.code(503).type('text/plain').send('Service Unavailable');
    }
    if (mode === 'html')
      return reply.type('text/html').send('<!doctype html><title>Parked</title><p>This domain is for sale.');
    if (mode === 'no-global') return reply.type('text/javascript').send('/* Some other script. */');
    return reply.sendFile('core.js');
  });

  app.post('/zones', async (request, reply) => {
    const { headers } = request;
    const body = parseBody(request.body);
    const page = pageOf(request);
    const { event_name, data } = isRecord(body) ? body : {};
    const asked = {
      page,
      zone: typeof event_name === 'string' ? event_name : '',
      data: isRecord(data) ? data : {},
      body,
    };

    const refusal = refusalOf(body);
    if (refusal) {
      keep({ ...asked, answer: { status: ERRORS[refusal].status, kind: 'error', code: refusal } });
      return refuse(reply, refusal);
    }
    const { token, isNew } = tokenOf(request);
    if (isNew) rememberToken(reply, token);
    if (!asked.zone) reply.header('extole-log', 'target zone=unknown');
    const creative =
      renderCreative({
        ...asked,
        languages: headers['accept-language'] ?? '',
        participant: participantOf(token, asked, request.host),
      }) ?? '';
    keep({ ...asked, answer: { status: 200, kind: creative ? 'creative' : 'empty' } });
    return reply.type('text/html; charset=utf-8').send(creative);
  });

  /** Who sees a zone, after what its request says of them. */
  const participantOf = (
    token: string,
    { zone, data, page }: Pick<ZoneRequest, 'zone' | 'data' | 'page'>,
    host: string,
  ): Participant => {
    const person = people.identify(token, data);
    referrals.settle(person);
    if (zone === LANDING_ZONE && data.email !== undefined) referrals.welcome(person);
    const address = sharedAddress(data, page) ?? `http://${host}/`;
    return {
      link:
        person.email === null
          ? undefined
          : `http://${host}${LINK_PATH}${people.shareCodeOf(person, address)}`,
      rewards: referrals.openRewards(person).map(({ role, partnerRewardId: code }) => ({ role, code })),
      isOfferedWelcome: referrals.offersWelcome(person),
    };
  };

  app.get<{ Params: { code: string } }>(`${LINK_PATH}:code`, async (request, reply) => {
    const { token, isNew } = tokenOf(request);
    const address = people.land(token, request.params.code);
    if (address === undefined) return reply.code(404).type('text/plain').send('Nobody shares by this link.');
    if (isNew) rememberToken(reply, token);
    const landing = new URL(address);
    landing.searchParams.set('referred_by', request.params.code);
    return reply.header('cache-control', 'no-store').redirect(landing.href);
  });
  await app.register(async (routes) => operatorRoutes(routes, account));

  app.delete('/api/v5/token', async (request, reply) => {
    logoutCount += 1;
    keep({ page: pageOf(request) });
    return reply.header('set-cookie', `access_token=; ${COOKIE}; Max-Age=0`).send({ status: 'success' });
  });

  app.get('/requests', (request, reply) => {
    reply.hijack();
    const watcher = reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    watchers.add(watcher);
    request.raw.on('close', () => watchers.delete(watcher));
    tell('state', state(), [watcher]);
  });
  app.delete('/requests', async (_request, reply) => {
    control.clearZoneRequests();
    return reply.code(204).send();
  });
  app.put('/core-mode', async (request, reply) => {
    const mode = CORE_MODES.find((known) => known === request.body);
    if (!mode) return refuse(reply, 'invalid_parameter');
    control.setCoreMode(mode);
    return reply.code(204).send();
  });

  const programDomain = `localhost:${await listen(app, options.port)}`;
  return {
    url: `http://${programDomain}`,
    programDomain,
    operatorUrl: `http://${programDomain}${OPERATOR_PATH}`,
    ...control,
    zoneRequests: () => received.filter((entry) => 'zone' in entry),
    showEvent: (event) => keep({ event }),
    coreRequests: () => coreCount,
    logouts: () => logoutCount,
    close: () => app.close(),
  };
}

const pageOf = ({ headers }: FastifyRequest): string => headers.referer ?? headers.origin ?? '';

const COOKIE = 'Path=/; HttpOnly; SameSite=Lax';

/** Where advocates' links begin. */
const LINK_PATH = '/go/';

/** What tells one browser from another; a fresh one for a browser that has none. */
function tokenOf({ headers }: FastifyRequest): { readonly token: string; readonly isNew: boolean } {
  const token = /(?:^|; )access_token=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  return { token: token ?? randomBytes(16).toString('hex'), isNew: token === undefined };
}

const rememberToken = (reply: FastifyReply, token: string): FastifyReply =>
  reply.header('set-cookie', `access_token=${token}; ${COOKIE}; Max-Age=31536000`);

/** Extole's errors, by the codes of its specification. `request_too_large` and `software_error` are our own. */
const ERRORS = {
  binding_error: { status: 400, message: 'Argument is not of the expected type' },
  invalid_json: { status: 400, message: 'JSON is invalid' },
  invalid_parameter: { status: 400, message: 'Parameter is invalid.' },
  missing_request_body: { status: 400, message: 'Missing request body' },
  request_too_large: { status: 413, message: 'Request body is too large' },
  unsupported_media_type: { status: 415, message: 'Request had an unsupported or no media type' },
  software_error: { status: 500, message: 'The stand-in failed' },
} as const;

function refuse(reply: FastifyReply, code: keyof typeof ERRORS): FastifyReply {
  const { status, message } = ERRORS[code];
  return reply
    .code(status)
    .send({ unique_id: randomUUID(), http_status_code: status, code, message, parameters: {} });
}

/** @returns What the JSON says; the text itself when it is no JSON, which {@link refusalOf} refuses. */
function parseBody(text: unknown): unknown {
  if (typeof text !== 'string') return '';
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Judges a body by the schema `RenderZoneRequest`. Its text lets `event_name` be absent, and so do we; its schema types each
 * value of `data` as an object, while Extole's documents send strings, and we take any.
 */
function refusalOf(body: unknown): keyof typeof ERRORS | undefined {
  if (body === '') return 'missing_request_body';
  if (typeof body === 'string') return 'invalid_json';
  if (!isRecord(body)) return 'binding_error';
  const isNullOr = (isIt: (value: unknown) => boolean, value: unknown): boolean =>
    value === null || isIt(value);
  if (body.event_name !== undefined && typeof body.event_name !== 'string') return 'binding_error';
  for (const name of ['data', 'id_token', 'jwt']) if (body[name] === undefined) return 'invalid_parameter';
  const isText = (value: unknown): boolean => typeof value === 'string';
  const fits = isNullOr(isRecord, body.data) && isNullOr(isText, body.id_token) && isNullOr(isText, body.jwt);
  return fits ? undefined : 'binding_error';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
