import type { RewardWebhookSettings } from '../../../../examples/sandbox/extole-api/extole-api.js';
import { DEFAULT_REWARD_SETTINGS, type RewardSettings } from '../../../../src/catalog/rewards.js';
import type { BenchPromotion } from './promotions.js';

/** How many codes each store keeps ready of a promotion. */
export const MIN_READY = 20;

/** What differs from store to store. */
interface RewardStore {
  readonly settings: Partial<RewardSettings>;
  /** `undefined`: nobody set one up. */
  readonly webhook: (Partial<RewardWebhookSettings> & { readonly channelId: number }) | undefined;
}

const TOLD_OF_ALL = { states: ['EARNED', 'CANCELED', 'REVOKED'] } as const;

/** By the hashes of `stores.ts`. */
const REWARD_STORES: Readonly<Record<string, RewardStore>> = {
  big: { settings: {}, webhook: { channelId: 1 } },
  atonce: {
    settings: {
      intake: 'polling',
      usesPartnerSupplierIds: false,
      told: 'fulfilled_and_sent',
      code: { prefix: 'FRIEND', pattern: 'pronounceable', length: 12, excludesLookAlikes: false },
    },
    webhook: undefined,
  },
  // The webhook is told where it has the address of a storefront that follows the one with the account.
  manyfronts: {
    settings: { webhookProof: 'bearer', code: { ...DEFAULT_REWARD_SETTINGS.code, prefix: 'THANKS-' } },
    webhook: { channelId: 2, shape: 'nested', ...TOLD_OF_ALL },
  },
  owndata: {
    settings: { webhookProof: 'hmac-sha1-prefixed', told: 'fulfilled_and_sent' },
    webhook: { channelId: 1 },
  },
  yen: { settings: { webhookProof: 'basic' }, webhook: { channelId: 1, ...TOLD_OF_ALL } },
};

/** What a store's merchant set for rewards. */
export function rewardSettings(storeHash: string, promotions: readonly BenchPromotion[]): RewardSettings {
  return {
    ...DEFAULT_REWARD_SETTINGS,
    isEnabled: true,
    suppliers: promotions.map(({ id }) => ({ supplierId: supplierOf(id), promotionId: id })),
    readyPromotionIds: promotions.flatMap(({ id, isKeptReady }) => (isKeptReady ? [id] : [])),
    minReady: MIN_READY,
    ...REWARD_STORES[storeHash]?.settings,
  };
}

/** What a store's merchant set in Extole. */
export const rewardWebhookOf = (storeHash: string): RewardStore['webhook'] =>
  REWARD_STORES[storeHash]?.webhook;

/** The reward supplier that leads to a promotion. */
export const supplierOf = (promotionId: number): string => `70000000000000002${promotionId}`;
