import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { type KyselyPlugin, sql } from 'kysely';
import { readConfig } from '../../src/app/config.js';
import type { AppDeps, Database } from '../../src/app/deps.js';
import type { ExtoleRewardState } from '../../src/app/extole/rewards.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { createQueue } from '../../src/app/queue/queue.js';
import { fulfillRewards } from '../../src/app/rewards/fulfill-rewards.js';
import { createSecretBox } from '../../src/app/secret-box.js';
import { accessTokenPurpose } from '../../src/app/settings/settings.js';
import { storeTokenPurpose } from '../../src/app/stores/stores.js';
import { TIMING } from '../../src/app/timing.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../src/catalog/rewards.js';
import { DEFAULT_SETTINGS, type Settings } from '../../src/catalog/settings.js';
import { openTestDatabase } from './app-database.js';

/** A reward in Extole. */
export interface WorldReward {
  state: ExtoleRewardState;
  supplierId: string;
  partnerSupplierId: string | null;
  partnerRewardId: string | null;
  email: string | null;
  /** Whether Extole takes it for earned again, once it failed. */
  isRetryable: boolean;
  /** What it became, in order: `FULFILLED`. */
  history: string[];
}

/** A coupon code in BigCommerce. */
export interface WorldCode {
  readonly id: number;
  readonly code: string;
  readonly promotionId: number;
  readonly max_uses: number;
  readonly max_uses_per_customer: number;
  current_uses: number;
}

/** A promotion in BigCommerce, as its API tells it. */
export interface WorldPromotion {
  name: string;
  redemption_type: 'COUPON' | 'AUTOMATIC';
  coupon_type?: 'SINGLE' | 'BULK';
  status: 'ENABLED' | 'DISABLED' | 'INVALID';
  start_date: string;
  end_date: string | null;
  max_uses: number | null;
  current_uses: number;
}

/** A request that came to BigCommerce or Extole. */
export interface WorldCall {
  /** `POST /v3/promotions/12/codes`, `GET /v2/rewards/r1` */
  readonly name: string;
  readonly body: unknown;
}

/** An answer. */
export interface WorldAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What becomes of a call in place of what should: an answer without its being carried out, or, for `lost`, no answer. `carryOut` does what the call
 * asks for, and is what the call would be answered with.
 */
export type Fault = (
  call: WorldCall,
  carryOut: () => WorldAnswer,
) => WorldAnswer | 'lost' | Promise<WorldAnswer | 'lost'>;

/** What Extole says when it does not take something. */
export const extoleRefusal = (code: string, status = 400): WorldAnswer => ({
  status,
  body: { unique_id: '1', http_status_code: status, code, message: `words of ${code}`, parameters: {} },
});

export const START = new Date('2026-03-01T12:00:00Z');
export const STORE = 'store1';
export const TOKEN = 'extole-token-of-brand-9876';

const TOLD = { FULFILLED: ['EARNED', 'FAILED'], FAILED: ['EARNED'] } as const;

/**
 * An app's rewards on an empty database, with BigCommerce's promotions and Extole's rewards that a test rules. There is one store, with an enabled
 * storefront 1 that has a token. Jobs wait until a test runs them.
 */
export async function startRewardWorld() {
  const database = await openTestDatabase();
  // Nobody pulls the plug in these tests, and thousands of small transactions need not wait for the disk.
  await sql`alter database ${sql.id(new URL(database.url).pathname.slice(1))} set synchronous_commit to off`.execute(
    database.db,
  );
  await sql`set synchronous_commit to off`.execute(database.db);
  const rewards = new Map<string, WorldReward>();
  const promotions = new Map<number, WorldPromotion>();
  const codes = new Map<number, WorldCode>();
  const calls: WorldCall[] = [];
  let lastId = 100;
  let fault: Fault | undefined;

  const named = (code: string): WorldCode | undefined => [...codes.values()].find((one) => one.code === code);
  const codeBody = ({ promotionId: _, ...code }: WorldCode) => ({ ...code, created: START.toISOString() });
  const listed = (found: readonly WorldCode[]): WorldAnswer => ({
    status: 200,
    body: { data: found.map(codeBody), meta: { cursor_pagination: { per_page: 250, end_cursor: 'end' } } },
  });
  const addCode = (
    promotionId: number,
    code: string,
    fields: { max_uses: number; max_uses_per_customer: number },
  ) => {
    lastId += 1;
    const { max_uses, max_uses_per_customer } = fields;
    const made = { id: lastId, code, promotionId, max_uses, max_uses_per_customer, current_uses: 0 };
    codes.set(lastId, made);
    return made;
  };

  function bigcommerce(method: string, path: string, query: URLSearchParams, body: unknown): WorldAnswer {
    const [, idText, what, codeId] =
      /^\/v3\/promotions\/(\d+|codes)(?:\/(codes|codegen)(?:\/(\d+))?)?$/.exec(path) ?? [];
    const wanted = query.get('code');
    if (idText === 'codes') return listed([...codes.values()].filter(({ code }) => code === wanted));
    const id = Number(idText);
    const promotion = promotions.get(id);
    if (!promotion) return { status: 404, body: { status: 404, title: 'not found' } };
    if (!what) return { status: 200, body: { data: { id, ...promotion, channels: [], currency_code: '*' } } };
    if (method === 'DELETE') {
      const ids = codeId ?? query.get('id:in') ?? '';
      for (const one of ids.split(',')) codes.delete(Number(one));
      return { status: 204 };
    }
    if (method === 'GET') {
      return listed(
        [...codes.values()].filter(
          ({ promotionId, code }) => promotionId === id && (!wanted || code === wanted),
        ),
      );
    }
    if (what === 'codegen') {
      const { prefix, delimiter } = Object(body);
      const drawn = randomBytes(3).toString('hex').toUpperCase();
      const { code } = addCode(id, `${prefix}${delimiter}${drawn}`, Object(body));
      return { status: 201, body: { data: { codes: [{ code }] } } };
    }
    const { code } = Object(body);
    if (named(code))
      return { status: 422, body: { status: 422, title: 'taken', errors: { code: 'in use' } } };
    return { status: 201, body: { data: codeBody(addCode(id, code, Object(body))) } };
  }

  function extole(method: string, path: string, body: object): WorldAnswer {
    const [, id = '', what] = /^\/v2\/rewards\/(?:custom-reward\/)?([\w-]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const reward = rewards.get(id);
    if (!reward) return extoleRefusal('reward_not_found');
    const become = (state: ExtoleRewardState, from: readonly ExtoleRewardState[]): WorldAnswer => {
      if (!from.includes(reward.state)) return extoleRefusal('reward_illegal_state_transition');
      reward.state = state;
      reward.history.push(state);
      if ('partner_reward_id' in body) reward.partnerRewardId = `${body.partner_reward_id}`;
      return shown();
    };
    const shown = (): WorldAnswer => ({
      status: 200,
      body: {
        reward_id: id,
        state: reward.state,
        reward_supplier_id: reward.supplierId,
        partner_reward_supplier_id: reward.partnerSupplierId,
        partner_reward_id: reward.partnerRewardId,
        email: reward.email,
      },
    });
    if (method === 'GET') return shown();
    if (what === 'retry') {
      if (reward.state !== 'FAILED' || !reward.isRetryable)
        return extoleRefusal('reward_in_not_retryable_state');
      return become('EARNED', ['FAILED']);
    }
    if (what === 'failed') return become('FAILED', TOLD.FAILED);
    return become(what === 'fulfilled' ? 'FULFILLED' : 'SENT', TOLD.FULFILLED);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://world');
      const method = request.method ?? '';
      const text = Buffer.concat(chunks).toString();
      const body = text ? JSON.parse(text) : {};
      const path = pathname.replace(`/stores/${STORE}`, '');
      const call = { name: `${method} ${path}`, body };
      calls.push(call);
      const carryOut = (): WorldAnswer =>
        path.startsWith('/v3') ? bigcommerce(method, path, searchParams, body) : extole(method, path, body);
      reply(response, fault ? await fault(call, carryOut) : carryOut());
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  const clock = { timeMs: START.getTime() };
  const lines: string[] = [];
  const key = (): string => randomBytes(32).toString('base64');
  const config = readConfig({
    APP_URL: 'https://app.example.com',
    BIGCOMMERCE_CLIENT_ID: 'testclientid0123456789',
    BIGCOMMERCE_CLIENT_SECRET: key(),
    ENCRYPTION_KEYS: key(),
    SESSION_KEY: key(),
    EXTOLE_API_URL: url,
    BIGCOMMERCE_API_URL: url,
  });
  const deps: Omit<AppDeps, 'release'> = {
    config,
    db: database.db,
    queue: createQueue(database.pool),
    secrets: createSecretBox(config.encryptionKeys),
    log: createLog('trace', { write: (line) => lines.push(line) }),
    metrics: createMetrics(),
    now: () => new Date(clock.timeMs),
    timing: TIMING,
    random: () => 0.5,
  };
  const { db, secrets } = deps;
  const at = (): Date => new Date(clock.timeMs);

  async function saveChannel(
    { token = TOKEN, settings = {} }: { token?: string | null; settings?: Partial<Settings> } = {},
    on: Database = db,
  ): Promise<void> {
    const row = {
      settings: JSON.stringify({ ...DEFAULT_SETTINGS, isEnabled: true, ...settings }),
      access_token: token === null ? null : secrets.seal(token, accessTokenPurpose(STORE, 1)),
    };
    await on
      .insertInto('channel_settings')
      .values({ store_hash: STORE, channel_id: 1, revision: 1, saved_at: at(), saved_by: 1, ...row })
      .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
      .execute();
  }
  async function saveRewards(settings: Partial<RewardSettings> = {}, on: Database = db): Promise<void> {
    const row = { settings: JSON.stringify({ ...DEFAULT_REWARD_SETTINGS, isEnabled: true, ...settings }) };
    await on
      .insertInto('reward_settings')
      .values({ store_hash: STORE, channel_id: 1, revision: 1, saved_at: at(), saved_by: 1, ...row })
      .onConflict((conflict) => conflict.columns(['store_hash', 'channel_id']).doUpdateSet(row))
      .execute();
  }

  return {
    deps,
    clock,
    rewards,
    promotions,
    codes,
    calls,
    saveChannel,
    saveRewards,
    logged: () => lines.join(''),
    /** Empties all, and sets the store up: promotion 12 with single codes, and 13 with bulk ones. */
    async reset(): Promise<void> {
      for (const list of [rewards, promotions, codes]) list.clear();
      calls.length = 0;
      lines.length = 0;
      fault = undefined;
      clock.timeMs = START.getTime();
      await db.deleteFrom('store').execute();
      await sql`delete from graphile_worker._private_jobs`.execute(db);
      await db
        .insertInto('store')
        .values({
          store_hash: STORE,
          name: STORE,
          scope: '',
          order_statuses: '[]',
          installed_at: at(),
          access_token: secrets.seal('store-token-0123456789', storeTokenPurpose(STORE)),
        })
        .execute();
      await saveChannel();
      await saveRewards();
      const promotion = {
        name: 'Thanks',
        redemption_type: 'COUPON',
        status: 'ENABLED',
        start_date: '2026-01-01T00:00:00Z',
        end_date: null,
        max_uses: null,
        current_uses: 0,
      } as const;
      promotions.set(12, { ...promotion, coupon_type: 'SINGLE' });
      promotions.set(13, { ...promotion, coupon_type: 'BULK' });
    },
    /** What becomes of calls from now on; what should, unless said otherwise. */
    setFault(next?: Fault): void {
      fault = next;
    },
    /** Has a reward earned in Extole, whose webhook comes now. */
    async earn(rewardId: string, reward: Partial<WorldReward> = {}): Promise<void> {
      rewards.set(rewardId, {
        state: 'EARNED',
        supplierId: 'supplier1',
        partnerSupplierId: '12',
        partnerRewardId: null,
        email: 'jane@example.com',
        isRetryable: true,
        history: [],
        ...reward,
      });
      await this.hear(rewardId);
    },
    /** As a webhook tells of a reward. */
    async hear(rewardId: string): Promise<void> {
      await db
        .insertInto('reward')
        .values({
          store_hash: STORE,
          reward_id: rewardId,
          channel_id: 1,
          heard_at: at(),
          created_at: at(),
          found_by: 'webhook',
          state: 'waiting',
          due_at: at(),
        })
        .onConflict((conflict) =>
          conflict
            .columns(['store_hash', 'reward_id'])
            .doUpdateSet({ heard_count: sql`reward.heard_count + 1`, heard_at: at(), due_at: at() }),
        )
        .execute();
    },
    /** One turn of the store. @param on - What it works with; the app's, unless said otherwise. */
    turn: (on: Partial<typeof deps> = {}): Promise<void> => fulfillRewards({ ...deps, ...on }, STORE),
    /** Lets time pass until nothing waits any more, and what may come late has been looked for; a turn whenever one is due. */
    async settle(): Promise<void> {
      for (let turns = 0; turns < 50; turns += 1) {
        await fulfillRewards(deps, STORE);
        const { rows } = await sql<{ next: Date | null }>`
          select least(
            (select min(due_at) from reward), (select min(check_at) from coupon_code)
          ) as next`.execute(db);
        const next = rows[0]?.next;
        if (!next) return;
        clock.timeMs = Math.max(clock.timeMs, next.getTime());
      }
      throw new Error('Something goes on for ever.');
    },
    reward: (rewardId: string) =>
      db.selectFrom('reward').selectAll().where('reward_id', '=', rewardId).executeTakeFirstOrThrow(),
    /** The rows of codes, the oldest first. */
    codeRows: () => db.selectFrom('coupon_code').selectAll().orderBy('created_at').execute(),
    /** When the store has its next turn. */
    async nextTurn(task = 'fulfill-rewards'): Promise<Date | undefined> {
      const { rows } = await sql<{ run_at: Date }>`
        select run_at from graphile_worker.jobs where key = ${`${task}:${STORE}`}`.execute(db);
      return rows[0]?.run_at;
    },
    forgetTurns: () => sql`delete from graphile_worker._private_jobs`.execute(db),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await database.close();
    },
  };
}

export type RewardWorld = Awaited<ReturnType<typeof startRewardWorld>>;

/** A process that a test kills: from then on it neither asks its database anything, nor is it told an answer. */
export function mortal(db: AppDeps['db'], onQuery: () => void = () => {}) {
  let isDead = false;
  const checkAlive = (): void => {
    if (isDead) throw new Error('The process is dead.');
  };
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      checkAlive();
      onQuery();
      checkAlive();
      return node;
    },
    async transformResult({ result }) {
      checkAlive();
      return result;
    },
  };
  return {
    db: db.withPlugin(plugin),
    kill: () => {
      isDead = true;
    },
    get isDead(): boolean {
      return isDead;
    },
  };
}

function reply(response: ServerResponse, answer: WorldAnswer | 'lost'): void {
  if (answer === 'lost') {
    response.destroy();
    return;
  }
  const { status, body, headers } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
