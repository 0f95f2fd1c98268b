import type { OpenDatabase } from '../../../../src/app/database/database.js';
import type { SecretBox } from '../../../../src/app/secret-box.js';
import type { BigCommerceSide } from '../bigcommerce-side.js';
import type { ExtoleSide } from '../extole-side.js';
import type { Draw } from '../random.js';
import { createWebhookLuck, type WebhookFigures } from '../webhook-luck.js';
import { installRewards } from './install-rewards.js';
import { type LivedReward, liveReward } from './live-reward.js';
import { planRewards } from './plan-rewards.js';
import { type BenchPromotion, changePromotions, createPromotions } from './promotions.js';
import { rewardSettings, rewardWebhookOf, supplierOf } from './reward-stores.js';
import type { JudgedReward } from './reward-verdict.js';

/** The rewards of all stores: their promotions in BigCommerce, and what Extole tells of them. */
export interface RewardsSide {
  readonly webhooks: WebhookFigures;
  /** Writes what merchants set. */
  install(database: Pick<OpenDatabase, 'db'>, secrets: SecretBox, now: Date): Promise<void>;
  /** Has webhooks sent from now on, and go wrong. */
  begin(appUrl: string): void;
  /** Has rewards lived, and promotions changed meanwhile; each settles when it is through. */
  live(count: number, durationMs: number, signal: AbortSignal): readonly Promise<void>[];
  /** All rewards that were earned, with what Extole has of them by now. */
  judged(): JudgedReward[];
  /** The promotions of which codes have to be kept ready at the moment. */
  pools(): readonly { readonly storeHash: string; readonly promotionId: number }[];
  /** How many copies of webhooks are not acknowledged yet. */
  waitingWebhooks(): number;
  /** How many were given up. */
  exhaustedWebhooks(): number;
}

/** Extole repeats three times in 16 hours. These are as many times, in a bench's time. */
const RETRY_INTERVALS_MS = [1_000, 3_000, 12_000];

/** Makes the promotions, and suppliers that lead to them. */
export function createRewardsSide(
  draw: Draw,
  bigcommerce: Pick<BigCommerceSide, 'stores'>,
  extole: Pick<ExtoleSide, 'accounts' | 'toldCodes'>,
): RewardsSide {
  const luck = createWebhookLuck(draw);
  const lived: LivedReward[] = [];
  const keys = new Map<string, string>();
  const stores = [...bigcommerce.stores].flatMap(([storeHash, { content }]) => {
    const account = extole.accounts.get(storeHash);
    return account ? [{ storeHash, content, account, promotions: createPromotions(content) }] : [];
  });
  for (const { storeHash, account, promotions } of stores) {
    const { usesPartnerSupplierIds } = rewardSettings(storeHash, promotions);
    for (const { id } of promotions) {
      const partnerSupplierId = usesPartnerSupplierIds ? `${id}` : null;
      account.saveSupplier({ id: supplierOf(id), partnerSupplierId });
    }
  }
  const sum = (figure: (store: (typeof stores)[number]) => number): number =>
    stores.reduce((total, store) => total + figure(store), 0);
  const exhausted = (): number => sum(({ account }) => account.rewardWebhook.counts().exhausted);

  return {
    webhooks: luck.figures,
    async install(database, secrets, now) {
      for (const { storeHash, promotions } of stores) {
        const settings = rewardSettings(storeHash, promotions);
        keys.set(storeHash, await installRewards(database, secrets, storeHash, settings, now));
      }
    },
    begin(appUrl) {
      for (const { storeHash, account, promotions } of stores) {
        const { channelId, ...webhook } = rewardWebhookOf(storeHash) ?? {};
        if (channelId === undefined) continue;
        account.setRewardWebhook({
          url: `${appUrl}/webhooks/extole/${storeHash}/${channelId}`,
          key: keys.get(storeHash) ?? '',
          proof: rewardSettings(storeHash, promotions).webhookProof,
          retryIntervalsMs: RETRY_INTERVALS_MS,
          copiesOf: ({ causeEventId, state }) => luck.copiesOf(`${causeEventId} ${state}`),
          ...webhook,
        });
      }
    },
    live(count, durationMs, signal) {
      const changes = stores.map(({ content, promotions }) =>
        changePromotions(content, promotions, durationMs, signal),
      );
      const lives = planRewards(draw, count, durationMs).map(async (planned) => {
        const store = stores.find(({ storeHash }) => storeHash === planned.store.storeHash);
        const promotion = promotionOf(store?.promotions, planned.kind);
        if (!store || !promotion) throw new Error(`There is no promotion for ${planned.name}.`);
        const sides = { content: store.content, extole: store.account };
        await liveReward(sides, planned, promotion, (one) => lived.push(one), signal);
      });
      return [...changes, ...lives];
    },
    judged: () =>
      lived.flatMap((one) => {
        const account = extole.accounts.get(one.planned.store.storeHash);
        const toldCodes = extole.toldCodes.get(one.rewardId) ?? new Set<string>();
        return account ? [{ lived: one, extole: account.reward(one.rewardId), toldCodes }] : [];
      }),
    pools: () =>
      stores.flatMap(({ storeHash, promotions }) =>
        promotions.flatMap(({ id, isKeptReady, uselessSinceMs }) =>
          isKeptReady && uselessSinceMs === undefined ? [{ storeHash, promotionId: id }] : [],
        ),
      ),
    waitingWebhooks: () =>
      luck.figures.copies - sum(({ account }) => account.rewardWebhook.counts().acknowledged) - exhausted(),
    exhaustedWebhooks: exhausted,
  };
}

const promotionOf = (
  promotions: readonly BenchPromotion[] | undefined,
  kind: BenchPromotion['kind'],
): BenchPromotion | undefined => promotions?.find((promotion) => promotion.kind === kind);
