import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { listen } from '../listen.js';
import { ApiError, notFound, outOfScope } from './answers.js';
import { type ApiAccount, type ApiState, accountOf, type StoreFeatures } from './api-state.js';
import { catalogRoutes } from './catalog.js';
import { channelRoutes, siteRoutes } from './channels.js';
import { hookRoutes } from './hooks.js';
import { orderRefundRoutes, orderRoutes } from './order-routes.js';
import { orderStatusRoutes } from './order-statuses.js';
import { placementRoutes } from './placements.js';
import { promotionRoutes } from './promotion-routes.js';
import { createRateLimiter, type RateLimit } from './rate-limiter.js';
import { regionRoutes } from './regions.js';
import { scriptRoutes } from './scripts.js';
import type { StoreContent } from './store-content.js';
import { storeInformationRoutes } from './store-information.js';
import { type Traffic, watchTraffic } from './traffic.js';
import { widgetTemplateRoutes } from './widget-templates.js';
import { widgetRoutes } from './widgets.js';

export type { StoreFeatures } from './api-state.js';
export type { RateLimit } from './rate-limiter.js';
export type { ApiCall, Fault, FaultPlan } from './traffic.js';

/** A store's REST API on this machine. */
export interface BigCommerceApi extends Traffic {
  /** Stands for `https://api.bigcommerce.com`; the store is at `{url}/stores/{storeHash}`. */
  readonly url: string;
  /** What goes into `X-Auth-Token` on behalf of an API account that the merchant created. */
  readonly accessToken: string;
  /** What that account may do; without a list all that the API asks for. */
  setScopes(scopes?: readonly string[]): void;
  /**
   * Lets an app in, as its user accepted it. When it was in before, its former access token is good for nothing any more.
   *
   * @returns Its access token.
   */
  addApp(clientId: string, scopes: readonly string[]): string;
  /** Puts an app out: its access token, its webhooks and the scripts that it made with `auto_uninstall` are gone. */
  removeApp(clientId: string): void;
  /** Starts a new window; without a limit there is room for any test. */
  setRateLimit(limit?: RateLimit): void;
  /** What `GET /v2/store` says of the store; what is not named is as it was at the start. */
  setFeatures(features?: Partial<StoreFeatures>): void;
  /** Whether a script may hold one script tag only, as BigCommerce's specification says, or up to five, as its guide says. */
  setOneTagPerScript(isOne: boolean): void;
  close(): Promise<void>;
}

const ALL_SCOPES = [
  'store_v2_content',
  'store_content_checkout',
  'store_channel_settings_read_only',
  'store_sites_read_only',
  'store_v2_information_read_only',
  'store_v2_orders_read_only',
  'store_v2_products_read_only',
  'store_v2_marketing',
];

/** The client id of the API account that the merchant created. */
const MERCHANT_CLIENT_ID = 'sandbox-api-account';

const FEATURES: StoreFeatures = {
  stencil_enabled: true,
  checkout_type: 'optimized',
  shopper_consent_tracking_enabled: false,
  multi_storefront_enabled: true,
};

/** As of an Enterprise store, which has what was agreed on. Others have 150 or 450 in 30 seconds. */
const ROOMY: RateLimit = { quota: 20_000, windowMs: 30_000 };

/** Where routes are, and the scope that they ask for, if any. Its read-only variant will do for reading. */
const ROUTES: readonly {
  readonly path: string;
  readonly scope?: string;
  readonly add: (app: FastifyInstance, state: ApiState) => void;
}[] = [
  { path: '/v3/content/scripts', scope: 'store_v2_content', add: scriptRoutes },
  { path: '/v3/content/widget-templates', scope: 'store_v2_content', add: widgetTemplateRoutes },
  { path: '/v3/content/widgets', scope: 'store_v2_content', add: widgetRoutes },
  { path: '/v3/content/placements', scope: 'store_v2_content', add: placementRoutes },
  { path: '/v3/content/regions', scope: 'store_v2_content', add: regionRoutes },
  { path: '/v3/channels', scope: 'store_channel_settings', add: channelRoutes },
  { path: '/v3/channels', scope: 'store_sites', add: siteRoutes },
  { path: '/v3/hooks', add: hookRoutes },
  { path: '/v2/order_statuses', scope: 'store_v2_orders', add: orderStatusRoutes },
  { path: '/v2/orders', scope: 'store_v2_orders', add: orderRoutes },
  { path: '/v3/orders', scope: 'store_v2_orders', add: orderRefundRoutes },
  { path: '/v3/promotions', scope: 'store_v2_marketing', add: promotionRoutes },
  { path: '/v3/catalog', scope: 'store_v2_products', add: catalogRoutes },
  { path: '/v2/store', scope: 'store_v2_information', add: storeInformationRoutes },
];

/**
 * Starts the part of BigCommerce's REST API that puts scripts and widgets into a store, tells of its orders, and makes coupon codes. It answers from the records of
 * `options.content` and changes them, so that what stands beside it shows what was put there.
 *
 * Source: BigCommerce, scripts.v3.yml, widgets.v3.yml, channels.v3.yml, webhooks.v3.yml, store_information.v2.yml,
 * orders.v2.oas2.yml, orders.v3.yml, promotions.v3.yml, "API rate limits".
 *
 * @param options.site - The storefront's address, asked for when it is to be answered.
 * @param options.port - The port to take if it is free.
 */
export async function startBigCommerceApi(options: {
  content: StoreContent;
  site: () => string;
  port?: number;
}): Promise<BigCommerceApi> {
  const { content, site } = options;
  const accessToken = newToken();
  const merchant: ApiAccount = { clientId: MERCHANT_CLIENT_ID, scopes: new Set(ALL_SCOPES) };
  const state: ApiState = {
    content,
    site,
    accounts: new Map([[accessToken, merchant]]),
    features: FEATURES,
    isOneTagPerScript: false,
  };
  let limiter = createRateLimiter(ROOMY);

  const app = Fastify({
    forceCloseConnections: true,
    routerOptions: { querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)) },
  });
  // A DELETE may say that it is JSON and be empty, which Fastify's own reader refuses.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, text: unknown) => readJson(text),
  );
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const refusal = error instanceof ApiError ? error : new ApiError(error.statusCode ?? 500, error.message);
    if (refusal.status >= 500) console.error(error);
    return reply.code(refusal.status).send(refusal.toAnswer());
  });

  const traffic = watchTraffic(app);
  app.addHook('preHandler', async (request, reply) => {
    const { isAllowed, headers } = limiter.take();
    reply.headers(headers);
    if (!isAllowed) throw new ApiError(429, 'Too many requests');
    // An access token is for one store.
    if (!request.url.startsWith(`/stores/${content.storeHash}/`)) throw new ApiError(401, 'Unauthorized');
    accountOf(state, request);
  });
  app.setNotFoundHandler(({ url }) => {
    throw notFound(url);
  });
  for (const { path, scope, add } of ROUTES) {
    await app.register(
      async (routes) => {
        routes.addHook('preHandler', async (request) => {
          if (scope && !isInScope(request, scope, accountOf(state, request).scopes)) throw outOfScope();
        });
        add(routes, state);
      },
      { prefix: `/stores/:storeHash${path}` },
    );
  }

  const revoke = (clientId: string): void => {
    for (const [token, account] of state.accounts)
      if (account.clientId === clientId) state.accounts.delete(token);
  };

  return {
    url: `http://localhost:${await listen(app, options.port)}`,
    accessToken,
    addApp: (clientId, scopes) => {
      revoke(clientId);
      const token = newToken();
      state.accounts.set(token, { clientId, scopes: new Set(scopes) });
      return token;
    },
    removeApp: (clientId) => {
      revoke(clientId);
      for (const { id, client_id } of content.hooks.values())
        if (client_id === clientId) content.hooks.delete(id);
      for (const { uuid, api_client_id, auto_uninstall } of content.scripts.values())
        if (api_client_id === clientId && auto_uninstall) content.scripts.delete(uuid);
    },
    ...traffic,
    setScopes: (scopes = ALL_SCOPES) => {
      merchant.scopes = new Set(scopes);
    },
    setRateLimit: (limit = ROOMY) => {
      limiter = createRateLimiter(limit);
    },
    setFeatures: (features) => {
      state.features = { ...FEATURES, ...features };
    },
    setOneTagPerScript: (isOne) => {
      state.isOneTagPerScript = isOne;
    },
    close: () => app.close(),
  };
}

const newToken = (): string => randomBytes(16).toString('hex');

function isInScope({ method }: FastifyRequest, scope: string, given: ReadonlySet<string>): boolean {
  return given.has(scope) || (method === 'GET' && given.has(`${scope}_read_only`));
}

function readJson(text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'Input is invalid');
  }
}
