import { type BigCommerceApi, startBigCommerceApi } from '../../../examples/sandbox/bigcommerce/api.js';
import {
  createHookDelivery,
  type HookDelivery,
} from '../../../examples/sandbox/bigcommerce/hook-delivery.js';
import { emptyStore, type StoreContent } from '../../../examples/sandbox/bigcommerce/store-content.js';
import { NEEDED_SCOPES } from '../../../src/app/install/scopes.js';
import { type Passing, startFaultProxy, type Trouble } from './fault-proxy.js';
import { CATEGORIES, PRODUCTS } from './plan.js';
import type { Draw } from './random.js';
import type { BenchStore } from './stores.js';
import { type Troubles, troublesOf } from './troubles.js';
import { createWebhookLuck, type WebhookFigures, type WebhookLuck } from './webhook-luck.js';

/** A store, in BigCommerce. */
export interface BigCommerceStore {
  readonly content: StoreContent;
  /** The app's. */
  readonly accessToken: string;
}

/** BigCommerce, with all stores. */
export interface BigCommerceSide {
  readonly url: string;
  readonly stores: ReadonlyMap<string, BigCommerceStore>;
  readonly webhooks: WebhookFigures;
  readonly counts: ReadonlyMap<string, number>;
  /** How many copies are not acknowledged yet. */
  waitingWebhooks(): number;
  /** How many webhooks were given up, and so switched off. */
  exhaustedWebhooks(): number;
  /** Has calls and webhooks go wrong from now on. */
  begin(): void;
  close(): Promise<void>;
}

/** A store that is asked faster is refused, as all are in real life, where the window has 30 seconds. */
const QUOTA = { quota: 150, windowMs: 1_000 };

/** BigCommerce repeats over two days. These are as many times, in a bench's time. */
const RETRY_INTERVALS_MS = [500, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 20_000, 30_000, 30_000, 30_000];

function rateLimitHeaders(left: number, resetMs: number): Record<string, string> {
  return {
    'x-rate-limit-time-window-ms': `${QUOTA.windowMs}`,
    'x-rate-limit-time-reset-ms': `${resetMs}`,
    'x-rate-limit-requests-quota': `${QUOTA.quota}`,
    'x-rate-limit-requests-left': `${left}`,
  };
}

/** Beside what the quota refuses. */
const TROUBLES: Troubles = [
  ['429', 0.01, { status: 429, headers: rateLimitHeaders(0, 200) }],
  ['500', 0.01, { status: 500, body: { status: 500, title: 'Internal error' } }],
  ['503', 0.005, { status: 503 }],
  ['cut', 0.005, { answer: 'breaks', hasArrived: true }],
  // The client's patience of 15 seconds is not for a bench, so these are few.
  ['timeout', 0.0002, { answer: 'is awaited', hasArrived: true }],
  ['late', 0.01, { delayMs: 400 }],
];

/** What makes and deletes coupon codes has more: whether it was carried out is what matters there. */
const CODE_TROUBLES: Troubles = [
  ['503', 0.03, { status: 503 }],
  ['code call cut before it arrived', 0.04, { answer: 'breaks', hasArrived: false }],
  ['code answer cut', 0.06, { answer: 'breaks', hasArrived: true }],
  ['code answer lost', 0.002, { answer: 'is awaited', hasArrived: true }],
  ['code call carried out after it was cut', 0.03, { arrivesAfterMs: 2_000 }],
  ...TROUBLES,
];

/** Starts it. */
export async function startBigCommerceSide(
  draw: Draw,
  stores: readonly BenchStore[],
  app: { readonly clientId: string; readonly clientSecret: string },
): Promise<BigCommerceSide> {
  const luck = createWebhookLuck(draw);
  const { figures: webhooks } = luck;
  const counts = new Map<string, number>();
  const started = await Promise.all(stores.map((store) => startStore(store, app, luck)));
  const apis = new Map(started.map(({ content, api }) => [content.storeHash, api]));
  let isTroubled = false;

  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const luckOf = { draw, side: 'bigcommerce', count };
  const troubleOf = troublesOf({ ...luckOf, troubles: TROUBLES });
  const codeTroubleOf = troublesOf({ ...luckOf, troubles: CODE_TROUBLES });
  const troubleFor = ({ method, path }: Passing): Trouble | undefined => {
    if (!isTroubled) return undefined;
    // Codes have ids that no seed decides.
    const [, promotion] = /^(.*\/promotions\/\d+)\/code/.exec(path) ?? [];
    if (promotion !== undefined && method !== 'GET') return codeTroubleOf(`${method} ${promotion}`);
    return troubleOf(`${method} ${path.replace(/\?.*/, '')}`);
  };

  const proxy = await startFaultProxy((passing) => {
    const api = apis.get(/^\/stores\/([^/]+)\//.exec(passing.path)?.[1] ?? '');
    if (!api) return undefined;
    return {
      to: api.url,
      trouble: troubleFor(passing),
      onArrived(status) {
        if (status === 429) count('429 of the quota');
        return () => {};
      },
    };
  });
  const sum = (figure: (delivery: HookDelivery) => number): number =>
    started.reduce((total, { delivery }) => total + figure(delivery), 0);

  return {
    url: proxy.url,
    stores: new Map(started.map(({ content, accessToken }) => [content.storeHash, { content, accessToken }])),
    webhooks,
    counts,
    waitingWebhooks: () =>
      webhooks.copies +
      webhooks.dropped -
      sum((one) => one.counts().acknowledged + one.counts().dropped + one.counts().exhausted),
    exhaustedWebhooks: () => sum((one) => one.counts().exhausted),
    begin() {
      isTroubled = true;
      for (const { begin } of started) begin();
    },
    async close() {
      await proxy.close();
      await Promise.all(started.flatMap(({ api, delivery }) => [api.close(), delivery.close()]));
    },
  };
}

async function startStore(
  store: BenchStore,
  app: { readonly clientId: string; readonly clientSecret: string },
  luck: WebhookLuck,
): Promise<{
  content: StoreContent;
  accessToken: string;
  api: BigCommerceApi;
  delivery: HookDelivery;
  begin: () => void;
}> {
  const { storeHash } = store;
  const content = emptyStore({ storeHash, name: `Store ${storeHash}`, regions: new Map() });
  for (const { id } of store.channels)
    content.channels.set(id, { id, name: `Front ${id}`, platform: 'bigcommerce', status: 'active' });
  for (const product of PRODUCTS) content.products.set(product.id, product);
  for (const category of CATEGORIES) content.categories.set(category.id, category);
  const api = await startBigCommerceApi({ content, site: () => 'https://brand.example' });
  api.setKeptCalls(0);
  const delivery = createHookDelivery({
    content,
    clientSecretOf: () => app.clientSecret,
    retryIntervalsMs: RETRY_INTERVALS_MS,
  });
  return {
    content,
    accessToken: api.addApp(app.clientId, Object.keys(NEEDED_SCOPES)),
    api,
    delivery,
    begin() {
      api.setRateLimit(QUOTA);
      delivery.setWebhooks({
        copiesOf: ({ scope, orderId }) => luck.copiesOf(`${orderId} ${scope}`),
      });
    },
  };
}
