import { randomBytes } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { SignJWT } from 'jose';
import { type BigCommerceApi, startBigCommerceApi } from '../../examples/sandbox/bigcommerce/api.js';
import { emptyStore, type StoreContent } from '../../examples/sandbox/bigcommerce/store-content.js';
import { buildApp } from '../../src/app/build-app.js';
import { type AppConfig, readConfig } from '../../src/app/config.js';
import type { OpenDatabase } from '../../src/app/database/database.js';
import type { AppDeps } from '../../src/app/deps.js';
import { seeUser } from '../../src/app/install/install.js';
import { NEEDED_SCOPES } from '../../src/app/install/scopes.js';
import { createSession } from '../../src/app/install/session.js';
import { createLog } from '../../src/app/log.js';
import { createMetrics } from '../../src/app/metrics.js';
import { createQueue } from '../../src/app/queue/queue.js';
import { sdkUrl } from '../../src/app/sdk/sdk-files.js';
import { createSecretBox } from '../../src/app/secret-box.js';
import { TIMING } from '../../src/app/timing.js';
import { readRelease } from '../../src/store/release.js';
import { openTestDatabase } from './app-database.js';
import { type BigCommerceLogin, startBigCommerceLogin } from './bigcommerce-login.js';

/** A user of the control panel, as BigCommerce tells of one. */
export interface TestUser {
  readonly id: number;
  readonly email: string;
}

/** Who owns the store of the tests. */
export const OWNER: TestUser = { id: 100, email: 'owner@brand.example' };
/** Another of its users. */
export const COLLEAGUE: TestUser = { id: 101, email: 'colleague@brand.example' };

/** What a `signed_payload_jwt` says; what is not given is as BigCommerce says it. */
export interface PayloadOptions {
  readonly user?: TestUser;
  readonly storeHash?: string;
  readonly url?: string;
  readonly channelId?: number | null;
  /** In place of, or beside, the usual claims; `undefined` leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly secret?: string;
  readonly alg?: string;
}

/** An app with all that it talks to, in this process. It does not listen: ask it with `app.inject`. */
export interface TestApp {
  readonly app: FastifyInstance;
  readonly deps: AppDeps;
  readonly config: AppConfig;
  readonly database: OpenDatabase;
  /** What the store holds, in BigCommerce. */
  readonly content: StoreContent;
  readonly api: BigCommerceApi;
  readonly login: BigCommerceLogin;
  /** The hash of the store of {@link content}. */
  readonly storeHash: string;
  /** The app's clock, which stands still unless it is moved. */
  readonly clock: { timeMs: number };
  /** What `/ready` is told of the worker, of which there is none. */
  readonly worker: { isHealthy(): boolean; setHealthy(isHealthy: boolean): void };
  /** All that was logged, as text. */
  logged(): string;
  /** Installs the app as BigCommerce does; a store that has it gets a new token. */
  install(user?: TestUser): Promise<LightMyRequestResponse>;
  /** A JWT as BigCommerce makes it for `/load`, `/uninstall` and `/remove_user`. */
  signedPayload(options?: PayloadOptions): Promise<string>;
  /** The header of a session of a user, who is let in if need be. */
  session(user?: TestUser): Promise<{ readonly authorization: string }>;
  close(): Promise<void>;
}

const REGIONS = new Map([
  ['pages/home', ['header_bottom--global']],
  ['pages/product', ['header_bottom--global', 'product_below_price']],
]);

/** A configuration as the environment would give it. */
export const testEnvironment = (): Record<string, string> => ({
  APP_URL: 'https://app.example.com',
  LOG_LEVEL: 'debug',
  BIGCOMMERCE_CLIENT_ID: 'testclientid0123456789',
  BIGCOMMERCE_CLIENT_SECRET: randomBytes(32).toString('hex'),
  ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
  SESSION_KEY: randomBytes(32).toString('base64'),
});

/**
 * Starts the app on an empty database, with a store of BigCommerce's API that has not installed it yet, and BigCommerce's login server.
 *
 * @param overrides - What of the configuration is to be otherwise.
 */
export async function startTestApp(overrides: Partial<AppConfig> = {}): Promise<TestApp> {
  const given = readConfig(testEnvironment());
  const content = emptyStore({ storeHash: 'store1', name: 'Brand', regions: REGIONS });
  const [database, api, login, release] = await Promise.all([
    openTestDatabase(),
    startBigCommerceApi({ content, site: () => 'https://brand.example' }),
    startBigCommerceLogin({ id: given.clientId, secret: given.clientSecret }),
    readRelease(sdkUrl({ appUrl: overrides.appUrl ?? given.appUrl })),
  ]);
  const config: AppConfig = {
    ...given,
    bigcommerceApiUrl: api.url,
    bigcommerceLoginUrl: login.url,
    ...overrides,
  };
  const clock = { timeMs: Math.floor(Date.now() / 1_000) * 1_000 };
  const lines: string[] = [];
  const deps: AppDeps = {
    config,
    db: database.db,
    queue: createQueue(database.pool),
    secrets: createSecretBox(config.encryptionKeys),
    log: createLog(config.logLevel, { write: (line) => lines.push(line) }),
    metrics: createMetrics(),
    release,
    now: () => new Date(clock.timeMs),
    timing: TIMING,
    random: () => 0.5,
  };
  let isWorkerHealthy = true;
  const worker = {
    isHealthy: () => isWorkerHealthy,
    setHealthy: (isHealthy: boolean) => {
      isWorkerHealthy = isHealthy;
    },
  };
  const app = await buildApp(deps, worker);
  const { storeHash } = content;

  return {
    app,
    deps,
    config,
    database,
    content,
    api,
    login,
    storeHash,
    clock,
    worker,
    logged: () => lines.join(''),
    async install(user = OWNER) {
      const scopes = Object.keys(NEEDED_SCOPES);
      const scope = scopes.join(' ');
      const accessToken = api.addApp(config.clientId, scopes);
      const code = login.grant({ storeHash, accessToken, scope, user: { ...user, username: user.email } });
      return app.inject({ url: '/auth', query: { code, scope, context: `stores/${storeHash}` } });
    },
    signedPayload({ user = OWNER, url = '/', channelId = null, secret, alg = 'HS256', ...options } = {}) {
      const nowSeconds = Math.floor(clock.timeMs / 1_000);
      const claims = {
        aud: config.clientId,
        iss: 'bc',
        iat: nowSeconds,
        // As in the example of BigCommerce's documentation.
        nbf: nowSeconds - 5,
        exp: nowSeconds + 86_400,
        jti: randomBytes(16).toString('hex'),
        sub: `stores/${options.storeHash ?? storeHash}`,
        user: { ...user, locale: 'en-US' },
        owner: OWNER,
        url,
        channel_id: channelId,
        ...options.claims,
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg, typ: 'JWT' })
        .sign(Buffer.from(secret ?? config.clientSecret));
    },
    async session(user = OWNER) {
      await seeUser(deps.db, storeHash, user);
      const owner = { storeHash, userId: user.id, locale: 'en-US', openedAt: deps.now() };
      const { token } = await createSession(deps, owner);
      return { authorization: `Bearer ${token}` };
    },
    async close() {
      await app.close();
      await Promise.all([database.close(), api.close(), login.close()]);
    },
  };
}
