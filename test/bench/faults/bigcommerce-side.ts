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

/** A store, in BigCommerce. */
export interface BigCommerceStore {
  readonly content: StoreContent;
  /** The app's. */
  readonly accessToken: string;
}

/** How webhooks fared. */
export interface WebhookFigures {
  /** Copies that were to be sent. */
  copies: number;
  duplicated: number;
  delayed: number;
  /** Never sent. */
  dropped: number;
}

/** BigCommerce, with all stores. */
export interface BigCommerceSide {
  readonly url: string;
  readonly stores: ReadonlyMap<string, BigCommerceStore>;
  readonly webhooks: Readonly<WebhookFigures>;
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

/** Starts it. */
export async function startBigCommerceSide(
  draw: Draw,
  stores: readonly BenchStore[],
  app: { readonly clientId: string; readonly clientSecret: string },
): Promise<BigCommerceSide> {
  const webhooks: WebhookFigures = { copies: 0, duplicated: 0, delayed: 0, dropped: 0 };
  const counts = new Map<string, number>();
  const started = await Promise.all(stores.map((store) => startStore(draw, store, app, webhooks)));
  const apis = new Map(started.map(({ content, api }) => [content.storeHash, api]));
  let isTroubled = false;

  const troubleOf = troublesOf({
    draw,
    side: 'bigcommerce',
    troubles: TROUBLES,
    count: (what) => counts.set(what, (counts.get(what) ?? 0) + 1),
  });
  const troubleFor = ({ method, path }: Passing): Trouble | undefined =>
    isTroubled ? troubleOf(`${method} ${path.replace(/\?.*/, '')}`) : undefined;

  const proxy = await startFaultProxy((passing) => {
    const api = apis.get(/^\/stores\/([^/]+)\//.exec(passing.path)?.[1] ?? '');
    if (!api) return undefined;
    return {
      to: api.url,
      trouble: troubleFor(passing),
      onArrived(status) {
        if (status === 429) counts.set('429 of the quota', (counts.get('429 of the quota') ?? 0) + 1);
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
  draw: Draw,
  store: BenchStore,
  app: { readonly clientId: string; readonly clientSecret: string },
  webhooks: WebhookFigures,
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
  const told = new Map<string, number>();

  const copiesOf = ({ scope, orderId }: { readonly scope: string; readonly orderId: number }): number[] => {
    const webhook = `${orderId} ${scope}`;
    const number = (told.get(webhook) ?? 0) + 1;
    told.set(webhook, number);
    const drawFor = (what: string): number => draw(what, webhook, number);
    if (drawFor('dropped') < 0.05) {
      webhooks.dropped += 1;
      return [];
    }
    const isDelayed = drawFor('delayed') < 0.15;
    const delayMs = isDelayed ? 500 + 8_000 * drawFor('delay') : 5 + 200 * drawFor('delay');
    const isDuplicated = drawFor('duplicated') < 0.1;
    const copies = isDuplicated ? [delayMs, delayMs + 3_000 * drawFor('copy')] : [delayMs];
    webhooks.copies += copies.length;
    if (isDelayed) webhooks.delayed += 1;
    if (isDuplicated) webhooks.duplicated += 1;
    return copies;
  };
  return {
    content,
    accessToken: api.addApp(app.clientId, Object.keys(NEEDED_SCOPES)),
    api,
    delivery,
    begin() {
      api.setRateLimit(QUOTA);
      delivery.setWebhooks({ copiesOf });
    },
  };
}
