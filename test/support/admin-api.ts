import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { adminFileRoutes, readAdminFiles } from '../../src/app/http/admin-files.js';
import { pageHeaders, SECURITY_HEADERS } from '../../src/app/http/security-headers.js';
import { settingsPage } from '../../src/app/install/settings-page.js';
import {
  type ChannelView,
  type ConflictFailure,
  type DomainCheckAnswer,
  domainCheckBodySchema,
  type Failure,
  type JobView,
  NOTE_NAMES,
  noteBodySchema,
  type SaveAnswer,
  type StateAnswer,
  type StatusAnswer,
  saveBodySchema,
} from '../../src/catalog/admin-api.js';
import type { RewardChannelView } from '../../src/catalog/rewards-api.js';
import { DEFAULT_SETTINGS, ORDER_STATUSES } from '../../src/catalog/settings.js';
import {
  type ActivityRoute,
  type ActivityState,
  activityAnswers,
  newActivityState,
} from './admin-activity.js';
import { newRewardsState, type RewardRoute, type RewardsState, rewardAnswers } from './admin-rewards.js';

/** What the page may ask for. */
export type AdminRoute =
  | ActivityRoute
  | RewardRoute
  | 'session'
  | 'state'
  | 'save'
  | 'job'
  | 'status'
  | 'look'
  | 'repair'
  | 'check'
  | 'note';

/**
 * The app as its settings page meets it, in memory: the page with the app's own HTML and headers, and the API with whatever a test
 * wants it to answer. It is for what is hard to provoke with the app itself.
 */
export interface AdminApi {
  readonly url: string;
  /** What `GET /api/state` answers. Channels change as they are saved. */
  state: StateAnswer;
  status: StatusAnswer;
  /** What is wrong with a program domain; nothing unless it is listed. */
  readonly domainProblems: Map<string, NonNullable<DomainCheckAnswer['problem']>>;
  /** What was asked for, in order, with the bodies and queries. */
  readonly requests: { readonly route: AdminRoute; readonly body: unknown; readonly query: unknown }[];
  readonly activity: ActivityState;
  readonly rewards: RewardsState;
  /** The states that the next job goes through, one each time it is asked for; the last one stays. */
  jobStates: Partial<JobView>[];
  /** Answers the next request of a route with a failure. */
  failNext(route: AdminRoute, status: number, failure: Failure): void;
  /** Holds the answers of a route back. @returns What lets them go. */
  hold(route: AdminRoute): () => void;
  /** Has somebody else save. */
  saveAsAnother(channelId: number, change: (channel: ChannelView) => ChannelView): void;
  /** Has somebody else save the rewards. */
  saveRewardsAsAnother(channelId: number, change: (channel: RewardChannelView) => RewardChannelView): void;
  /** Knows the session no more. */
  endSession(): void;
  /** As when it was started. */
  reset(): void;
  close(): Promise<void>;
}

/** A storefront that nobody has set up. */
export function newChannel(channelId: number, name: string, more: Partial<ChannelView> = {}): ChannelView {
  return {
    channelId,
    name,
    platform: 'bigcommerce',
    url: `https://${name.toLowerCase().replaceAll(' ', '-')}.example`,
    pageBuilderUrl: `https://store-abc123.mybigcommerce.com/manage/page-builder?channelId=${channelId}`,
    sameAs: null,
    settings: DEFAULT_SETTINGS,
    accessToken: null,
    verificationKey: null,
    revision: 0,
    savedAt: null,
    savedBy: null,
    ...more,
  };
}

/** A storefront that is set up. */
export const doneChannel = (channelId: number, name: string, more: Partial<ChannelView> = {}): ChannelView =>
  newChannel(channelId, name, {
    settings: {
      ...DEFAULT_SETTINGS,
      programDomain: 'share.brand.com',
      zones: { ...DEFAULT_SETTINGS.zones, global_header: true },
    },
    accessToken: { lastFour: 'ab12', savedAt: '2025-11-02T10:00:00.000Z' },
    revision: 3,
    savedAt: '2025-11-02T10:00:00.000Z',
    savedBy: 'jane@brand.example',
    ...more,
  });

/** A job. */
export const newJob = (more: Partial<JobView> = {}): JobView => ({
  id: crypto.randomUUID(),
  kind: 'save',
  state: 'waiting',
  steps: [],
  failure: null,
  createdAt: '2025-11-02T10:00:00.000Z',
  finishedAt: null,
  ...more,
});

const STEPS: JobView['steps'] = [
  { action: 'create', what: 'script', name: 'Extole: store pages', state: 'done' },
  { action: 'create', what: 'widget template', name: 'Extole CTA Tag', state: 'running' },
];

const firstState = (): StateAnswer => ({
  store: { storeHash: 'abc123', name: 'Brand' },
  user: { email: 'merchant@brand.example', locale: 'en-US' },
  channels: [newChannel(1, 'Brand Store')],
  orderStatuses: Object.entries(ORDER_STATUSES).map(([id, label]) => ({ id: Number(id), label })),
  version: '0.1.0',
  notes: [],
});

const firstStatus = (): StatusAnswer => ({
  connection: 'ok',
  lookedAt: null,
  differences: [],
  notices: [],
  failure: null,
  webhooks: [],
  recentJobs: [],
});

const firstJobStates = (): Partial<JobView>[] => [
  { state: 'running', steps: STEPS },
  { state: 'done', steps: STEPS.map((step) => ({ ...step, state: 'done' })) },
];

const NOW = '2025-11-03T09:00:00.000Z';

/** Starts the stand-in. The page has to be built. */
export async function startAdminApi(): Promise<AdminApi> {
  const failures = new Map<AdminRoute, { status: number; failure: Failure }>();
  const held = new Map<AdminRoute, Promise<void>>();
  const jobs = new Map<string, JobView>();
  let session = newSession();

  const app = fastify();
  await app.register(helmet, SECURITY_HEADERS);
  await adminFileRoutes(app);
  // Browsers ask for it by themselves, where the page is in no frame.
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send());

  const page = { helmet: pageHeaders({ frameAncestors: ["'self'"] }) };
  app.get<{ Querystring: { channel?: string } }>('/', page, async ({ query }, reply) => {
    session = newSession();
    return reply.type('text/html; charset=utf-8').send(
      settingsPage({
        session,
        files: await readAdminFiles(),
        nonce: reply.cspNonce,
        channelId: query.channel === undefined ? null : Number(query.channel),
      }),
    );
  });

  const route = (
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    nameOf: AdminRoute | ((query: unknown) => AdminRoute),
    answer: (
      asked: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
      reply: FastifyReply,
    ) => unknown,
  ): void => {
    app.route({
      method,
      url,
      async handler({ params, body, query, headers: { authorization } }, reply) {
        const name = typeof nameOf === 'string' ? nameOf : nameOf(query);
        api.requests.push({ route: name, body, query });
        await held.get(name);
        const failure = failures.get(name);
        failures.delete(name);
        if (authorization !== `Bearer ${session.token}`) return reply.code(401).send(EXPIRED);
        if (failure) return reply.code(failure.status).send(failure.failure);
        return answer({ params, query, body }, reply);
      },
    });
  };

  const addJob = (kind: JobView['kind']): JobView => {
    const job = newJob({ kind, createdAt: NOW });
    jobs.set(job.id, job);
    return job;
  };

  const replace = (channel: ChannelView): void => {
    const channels = api.state.channels.map((one) => (one.channelId === channel.channelId ? channel : one));
    api.state = { ...api.state, channels };
  };

  const channelOf = (channelId: number): ChannelView => {
    const channel = api.state.channels.find((one) => one.channelId === channelId);
    if (!channel) throw new Error(`there is no channel ${channelId}`);
    return channel;
  };

  const secret = (value: string) => ({ lastFour: value.slice(-4), savedAt: NOW });

  route('POST', '/api/session', 'session', () => (session = newSession()));
  route('GET', '/api/state', 'state', () => api.state);
  route(
    'GET',
    '/api/status',
    (query) => (hasIn(query, 'look') ? 'look' : 'status'),
    () => api.status,
  );
  route('POST', '/api/repair', 'repair', (_asked, reply) => reply.code(202).send(addJob('repair')));
  route('POST', '/api/checks/program-domain', 'check', ({ body }): DomainCheckAnswer => {
    const { programDomain, channelId } = domainCheckBodySchema.parse(body);
    const problem = api.domainProblems.get(programDomain) ?? null;
    return {
      problem,
      host: problem === 'not-a-host-name' ? null : programDomain,
      storefrontOrigin: channelOf(channelId).url,
    };
  });
  route('GET', '/api/jobs/:id', 'job', ({ params }) => {
    const job = jobs.get(idOf(params));
    const next = api.jobStates.length > 1 ? api.jobStates.shift() : api.jobStates[0];
    return { ...(job ?? newJob()), id: idOf(params), ...next };
  });
  route('PUT', '/api/channels/:id', 'save', ({ params, body }, reply) => {
    const saved = saveBodySchema.parse(body);
    const before = channelOf(Number(idOf(params)));
    if (saved.revision !== before.revision) {
      const conflict: ConflictFailure = {
        code: 'SETTINGS_CHANGED',
        message: 'somebody else saved.',
        current: before,
      };
      return reply.code(409).send(conflict);
    }
    const { accessToken, verificationKey } = saved;
    const channel: ChannelView = {
      ...before,
      sameAs: saved.sameAs,
      settings: saved.settings,
      revision: before.revision + 1,
      savedAt: NOW,
      savedBy: api.state.user.email,
      ...(accessToken !== undefined && { accessToken: accessToken === null ? null : secret(accessToken) }),
      ...(verificationKey !== undefined && {
        verificationKey: verificationKey && { ...secret(verificationKey.key), keyId: verificationKey.keyId },
      }),
    };
    replace(channel);
    const answer: SaveAnswer = { channel, job: addJob('save') };
    return answer;
  });

  route('PUT', '/api/channels/:id/notes/:name', 'note', ({ params, body }, reply) => {
    const channelId = Number(idOf(params));
    const { name } = z.object({ name: z.enum(NOTE_NAMES) }).parse(params);
    const { content } = noteBodySchema.parse(body);
    const others = api.state.notes.filter((note) => note.channelId !== channelId || note.name !== name);
    api.state = {
      ...api.state,
      notes: content === null ? others : [...others, { channelId, name, content }],
    };
    return reply.code(204).send();
  });

  const activity = newActivityState();
  const answers = activityAnswers(activity);
  route('GET', '/api/activity', 'activity', () => activity.answer);
  route('GET', '/api/events', 'events', answers.events);
  route(
    'GET',
    '/api/events/:id',
    (query) => (hasIn(query, 'reveal') ? 'reveal' : 'event'),
    ({ params, query }, reply) =>
      answers.event(idOf(params), hasIn(query, 'reveal')) ?? reply.code(404).send(EVENT_UNKNOWN),
  );
  route('GET', '/api/events.csv', 'csv', (asked, reply) =>
    reply.type('text/csv; charset=utf-8').send(answers.csv(asked)),
  );
  route('POST', '/api/events/replay', 'replay', (asked, reply) =>
    reply.code(202).send(answers.replay(asked)),
  );
  route('POST', '/api/events/test', 'test', (asked, reply) => reply.code(202).send(answers.test(asked)));
  route('POST', '/api/orders/import', 'import', (asked, reply) =>
    reply.code(202).send(answers.importOrders(asked)),
  );
  route('GET', '/api/erasures', 'erasures', () => activity.erasures);
  route('POST', '/api/erasures', 'erase', (asked) => answers.erase(asked, api.state.user.email));

  const rewards = newRewardsState();
  const earned = rewardAnswers(rewards);
  route('GET', '/api/rewards', 'rewards', () => rewards.answer);
  route('PUT', '/api/rewards/channels/:id', 'save-rewards', (asked, reply) => {
    const answer = earned.save(Number(idOf(asked.params)), asked, api.state.user.email);
    return reply.code('code' in answer ? 409 : 200).send(answer);
  });
  route('GET', '/api/promotions', 'promotions', () => rewards.promotions);
  route('POST', '/api/promotions/:id/test', 'test-code', earned.test);
  route('GET', '/api/reward-codes', 'reward-codes', earned.list);
  route('POST', '/api/rewards/replay', 'replay-rewards', (asked, reply) =>
    reply.code(202).send(earned.replay(asked)),
  );

  const api: AdminApi = {
    url: '',
    activity,
    rewards,
    state: firstState(),
    status: firstStatus(),
    domainProblems: new Map(),
    requests: [],
    jobStates: firstJobStates(),
    failNext: (name, status, failure) => void failures.set(name, { status, failure }),
    hold(name) {
      let release = (): void => {};
      held.set(name, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(name);
        release();
      };
    },
    saveAsAnother(channelId, change) {
      const before = channelOf(channelId);
      replace({
        ...change(before),
        revision: before.revision + 1,
        savedAt: NOW,
        savedBy: 'colleague@brand.example',
      });
    },
    saveRewardsAsAnother: earned.saveAsAnother,
    endSession: () => void (session = newSession()),
    reset() {
      api.state = firstState();
      api.status = firstStatus();
      api.jobStates = firstJobStates();
      api.domainProblems.clear();
      api.requests.length = 0;
      Object.assign(activity, newActivityState());
      Object.assign(rewards, newRewardsState());
      failures.clear();
      held.clear();
      jobs.clear();
    },
    close: () => app.close(),
  };
  return Object.assign(api, { url: await listen(app) });
}

const EVENT_UNKNOWN: Failure = { code: 'EVENT_UNKNOWN', message: 'there is no such event.' };

const EXPIRED: Failure = { code: 'SESSION_EXPIRED', message: 'the session ended.' };

const newSession = () => ({
  token: `session-${crypto.randomUUID()}`,
  expiresAt: new Date(Date.now() + 10 * 60_000).toISOString(),
});

const hasIn = (query: unknown, name: string): boolean =>
  typeof query === 'object' && query !== null && name in query;

const idOf = (params: unknown): string =>
  typeof params === 'object' && params !== null && 'id' in params ? `${params.id}` : '';

const listen = (app: FastifyInstance): Promise<string> => app.listen({ port: 0, host: '127.0.0.1' });
