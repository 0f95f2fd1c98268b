import { readFile } from 'node:fs/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { listen } from '../../examples/sandbox/listen.js';
import { installStore } from '../../src/app/install/install.js';
import { NEEDED_SCOPES } from '../../src/app/install/scopes.js';
import type { TaskPayloads } from '../../src/app/queue/queue.js';
import { refreshChannels } from '../../src/app/stores/stores.js';
import { createTasks } from '../../src/app/tasks.js';
import type { ChannelView, SaveBody, StateAnswer } from '../../src/catalog/admin-api.js';
import type { Settings } from '../../src/catalog/settings.js';
import { VERSION } from '../../src/catalog/version.js';
import { packageFile } from '../../src/store/package-file.js';
import { clearContent, expectConformity } from './api-store.js';
import { COLLEAGUE, OWNER, startTestApp, type TestApp, type TestUser } from './app.js';

/** What Extole takes. */
export const EXTOLE_TOKEN = 'extole-token-of-brand-9876';

/** When every test begins. */
export const START = new Date('2026-03-01T12:00:00Z');

/** What was answered, read as what the test expects it to be. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly body: T;
}

const KNOWN = { status: 200, body: { access_token: EXTOLE_TOKEN, scopes: ['CLIENT_ADMIN'] } };
const UNKNOWN = { status: 403, body: { code: 'invalid_access_token', message: 'unknown' } };

/**
 * A store that has the app, for a file of tests: each finds it installed by two users, and not yet set up. Extole answers whether it knows a
 * token, and the SDK's file is served. Jobs wait until a test runs them. After each test all that was said to BigCommerce and answered
 * is held to its specifications, where they are at hand.
 */
export function appStore() {
  let test: TestApp;
  let others: FastifyInstance;
  let extole: { readonly status: number; readonly body: object } | undefined;
  let isSdkServed = true;

  beforeAll(async () => {
    others = Fastify({ forceCloseConnections: true });
    others.get('/v4/tokens', (request, reply) => {
      const isKnown = request.headers.authorization === `Bearer ${EXTOLE_TOKEN}`;
      const answer = extole ?? (isKnown ? KNOWN : UNKNOWN);
      return reply.code(answer.status).send(answer.body);
    });
    others.get(`/sdk/${VERSION}/extole-storefront.js`, async (_request, reply) =>
      reply
        .code(isSdkServed ? 200 : 503)
        .header('access-control-allow-origin', '*')
        .send(await readFile(packageFile('dist/storefront/extole-storefront.js'))),
    );
    const url = `http://localhost:${await listen(others)}`;
    test = await startTestApp({ appUrl: url, extoleApiUrl: url });
  });

  beforeEach(async () => {
    const { api, clock, content, deps } = test;
    clearContent(content);
    content.channels.set(1, { id: 1, name: 'Brand', platform: 'bigcommerce', status: 'active' });
    clock.timeMs = START.getTime();
    extole = undefined;
    isSdkServed = true;
    await sql`truncate store, used_jwt cascade`.execute(deps.db);
    for (const { key } of await waiting()) await forget(key);
    await install();
    await refreshChannels(deps, content.storeHash);
    api.clearCalls();
  });

  afterEach(() => {
    const { api } = test;
    api.setFault();
    api.setRateLimit();
    api.setFeatures();
    expectConformity(api);
  });

  afterAll(async () => {
    await test?.close();
    await others?.close();
  });

  /** As BigCommerce has the app installed, or authorized again. */
  async function install(): Promise<void> {
    const { api, config, deps, storeHash } = test;
    const scopes = Object.keys(NEEDED_SCOPES);
    const accessToken = api.addApp(config.clientId, scopes);
    for (const user of [OWNER, COLLEAGUE]) {
      const scope = scopes.join(' ');
      await installStore(deps, { storeHash, accessToken, scope, user });
    }
  }

  async function ask<T>(
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    { body, user = OWNER }: { readonly body?: object; readonly user?: TestUser } = {},
  ): Promise<ApiAnswer<T>> {
    const headers = await test.session(user);
    const answer = await test.app.inject({ method, url, headers, ...(body && { payload: body }) });
    return { status: answer.statusCode, body: answer.json<T>() };
  }

  async function channelView(channelId = 1): Promise<ChannelView> {
    const { body } = await ask<StateAnswer>('GET', '/api/state');
    const view = body.channels.find((one) => one.channelId === channelId);
    if (!view) throw new Error(`There is no channel ${channelId}.`);
    return view;
  }

  /** All that waits in the queue, the soonest first. */
  async function waiting() {
    const { rows } = await sql<{ task: string; payload: unknown; runAt: Date; key: string }>`
      select identifier as task, payload, run_at as "runAt", key
      from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
      order by run_at`.execute(test.deps.db);
    return rows;
  }

  const forget = (key: string) => sql`select graphile_worker.remove_job(${key})`.execute(test.deps.db);

  async function queued<Name extends keyof TaskPayloads>(task: Name) {
    const rows = await waiting();
    return rows
      .filter((row): row is typeof row & { payload: TaskPayloads[Name] } => row.task === task)
      .map(({ payload, runAt, key }) => ({ payload, runAt, key }));
  }

  return {
    get test(): TestApp {
      return test;
    },
    install,
    /** Asks as a user of the store, the owner unless said otherwise. */
    ask,
    channelView,
    /** Saves what is there with some changes. */
    async save<T>(
      changes: Partial<Settings>,
      rest: Partial<SaveBody> = {},
      { channelId = 1, user = OWNER } = {},
    ): Promise<ApiAnswer<T>> {
      const { revision, sameAs, settings } = await channelView(channelId);
      const body: SaveBody = { revision, sameAs, settings: { ...settings, ...changes }, ...rest };
      return ask('PUT', `/api/channels/${channelId}`, { body, user });
    },
    /** What waits for a task, the soonest first. */
    queued,
    /** Runs what waits for a task, as the worker would, once each. */
    async run<Name extends keyof TaskPayloads>(
      task: Name,
      attempt = { number: 1, isLast: false },
    ): Promise<void> {
      const work = createTasks(test.deps)[task];
      for (const { key, payload } of await queued(task)) {
        await forget(key);
        await work(payload, attempt);
      }
    },
    /** Adds a storefront and has the app know of it. */
    async addChannel(id: number, platform: 'bigcommerce' | 'catalyst' = 'bigcommerce'): Promise<void> {
      test.content.channels.set(id, { id, name: `Shop ${id}`, platform, status: 'active' });
      await refreshChannels(test.deps, test.storeHash);
    },
    scripts: () => [...test.content.scripts.values()],
    /** The calls that would have changed something in the store. */
    writes: () => test.api.calls().filter(({ method }) => method !== 'GET'),
    setNow: (date: Date) => {
      test.clock.timeMs = date.getTime();
    },
    /** What Extole answers about any token. */
    setExtole: (answer: { readonly status: number; readonly body: object }) => {
      extole = answer;
    },
    setSdkServed: (is: boolean) => {
      isSdkServed = is;
    },
  };
}
