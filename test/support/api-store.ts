import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type BigCommerceApi, startBigCommerceApi } from '../../examples/sandbox/bigcommerce/api.js';
import { emptyStore, type StoreContent } from '../../examples/sandbox/bigcommerce/store-content.js';
import { VERSION } from '../../src/catalog/version.js';
import type { BigCommerceOptions } from '../../src/store/bigcommerce-api.js';
import { type BigCommerceClient, createBigCommerceClient } from '../../src/store/bigcommerce-client.js';
import type { ChannelSettings, Release } from '../../src/store/publication.js';
import { readRelease } from '../../src/store/release.js';
import { answerNonconformities, hasSpecifications, requestNonconformities } from './openapi.js';

/** Where the SDK is said to be served from, for tests that nobody loads it in. */
export const SDK_URL = `https://cdn.example.com/extole/${VERSION}/extole-storefront.js`;

/** What a merchant most likely wants. */
export const SETTINGS: ChannelSettings = {
  channelId: 1,
  programDomain: 'share.brand.com',
  scriptConsentCategory: 'targeting',
  orderConfirmation: true,
};

const REGIONS = new Map([
  ['pages/home', ['header_bottom--global']],
  ['pages/product', ['header_bottom--global', 'product_below_price']],
]);

/** Takes everything out of a store, its storefronts too. */
export function clearContent(content: StoreContent): void {
  const {
    scripts,
    widgetTemplates,
    widgets,
    placements,
    hooks,
    channels,
    orders,
    products,
    categories,
    promotions,
    couponCodes,
  } = content;
  const lists = [
    scripts,
    widgetTemplates,
    widgets,
    placements,
    hooks,
    channels,
    orders,
    products,
    categories,
    promotions,
    couponCodes,
  ];
  for (const list of lists) list.clear();
}

/**
 * Holds all that was said to BigCommerce's API, and answered, to its specifications where they are at hand, but for the answers that a
 * test made up.
 */
export function expectConformity(api: Pick<BigCommerceApi, 'calls'>): void {
  const problems = api
    .calls()
    .flatMap((call) => [
      ...requestNonconformities(call),
      ...(call.isMadeUp ? [] : answerNonconformities(call)),
    ]);
  if (hasSpecifications) expect(problems).toEqual([]);
}

/**
 * Starts an empty store with BigCommerce's API for a file of tests; each test finds it empty again. After each, all that was
 * said and answered is held to BigCommerce's specifications, where they are at hand, but for the answers that a test made up.
 */
export function apiStore() {
  let api: BigCommerceApi;
  let release: Release;
  const content: StoreContent = emptyStore({ storeHash: 'store1', name: 'Brand', regions: REGIONS });
  const [channel] = content.channels.values();

  beforeAll(async () => {
    [api, release] = await Promise.all([
      startBigCommerceApi({ content, site: () => 'https://brand.com' }),
      readRelease(SDK_URL),
    ]);
  });
  beforeEach(() => {
    clearContent(content);
    if (channel) content.channels.set(channel.id, channel);
    api.clearCalls();
  });
  afterEach(() => {
    api.setFault();
    api.setScopes();
    api.setRateLimit();
    api.setFeatures();
    api.setOneTagPerScript(false);
    expectConformity(api);
  });
  afterAll(() => api?.close());

  return {
    content,
    get api(): BigCommerceApi {
      return api;
    },
    get release(): Release {
      return release;
    },
    /** The calls that would have changed something. */
    writes: () => api.calls().filter(({ method }) => method !== 'GET'),
    /** A client that does not wait between its attempts. */
    client: (options: Partial<BigCommerceOptions> = {}): BigCommerceClient =>
      createBigCommerceClient({
        storeHash: content.storeHash,
        accessToken: api.accessToken,
        apiUrl: api.url,
        retryDelayMs: () => 0,
        ...options,
      }),
  };
}
