import { DEFAULT_REWARD_SETTINGS } from '../../src/catalog/rewards.js';
import {
  type CodeTestAnswer,
  codeTestBodySchema,
  type PromotionsAnswer,
  type PromotionView,
  type RewardChannelView,
  type RewardConflict,
  type RewardReplayAnswer,
  type RewardsAnswer,
  type RewardsListAnswer,
  type RewardView,
  rewardQuerySchema,
  rewardReplayBodySchema,
  rewardSaveBodySchema,
} from '../../src/catalog/rewards-api.js';

/** What the page may ask for of the rewards. */
export type RewardRoute =
  | 'rewards'
  | 'save-rewards'
  | 'promotions'
  | 'test-code'
  | 'reward-codes'
  | 'replay-rewards';

/** What the stand-in of the app knows of rewards. A test changes it as it likes. */
export interface RewardsState {
  /** What `GET /api/rewards` answers. Channels change as they are saved. */
  answer: RewardsAnswer;
  promotions: PromotionsAnswer;
  /** The newest first. */
  rewards: RewardView[];
  /** How many rewards are answered at a time. */
  pageSize: number;
}

const NOW = '2025-11-03T09:00:00.000Z';

/** The rewards of a storefront that nobody has set up. */
export const newRewardChannel = (
  channelId: number,
  more: Partial<RewardChannelView> = {},
): RewardChannelView => ({
  channelId,
  followsChannelId: null,
  webhookUrl: `https://app.example/webhooks/extole/abc123/${channelId}`,
  settings: DEFAULT_REWARD_SETTINGS,
  isStorefrontEnabled: true,
  webhookKey: null,
  hasAccessToken: true,
  revision: 0,
  savedAt: null,
  savedBy: null,
  webhookAt: null,
  polledAt: null,
  pollFailure: null,
  ...more,
});

/** The rewards of a storefront that are set up. */
export const doneRewardChannel = (
  channelId: number,
  more: Partial<RewardChannelView> = {},
): RewardChannelView =>
  newRewardChannel(channelId, {
    settings: { ...DEFAULT_REWARD_SETTINGS, isEnabled: true },
    webhookKey: { lastFour: 'k3y9', savedAt: NOW },
    revision: 3,
    savedAt: NOW,
    savedBy: 'jane@brand.example',
    webhookAt: NOW,
    polledAt: NOW,
    ...more,
  });

/** A bulk promotion that nothing is wrong with. */
export const newPromotion = (promotionId: number, more: Partial<PromotionView> = {}): PromotionView => ({
  promotionId,
  name: `Promotion ${promotionId}`,
  couponType: 'bulk',
  status: 'enabled',
  startsAt: '2025-11-01T00:00:00.000Z',
  endsAt: null,
  maxUses: null,
  currentUses: 0,
  channelIds: [],
  currencyCode: null,
  problem: null,
  warnings: [],
  openCodes: 0,
  ready: null,
  isUsed: false,
  ...more,
});

/** A reward that was fulfilled at once. */
export const newReward = (rewardId: string, more: Partial<RewardView> = {}): RewardView => ({
  rewardId,
  channelId: 1,
  state: 'fulfilled',
  supplierId: 'advocates',
  promotionId: 11,
  code: `CODE${rewardId}`,
  codeState: 'made',
  heardAt: NOW,
  fulfilledAt: NOW,
  nextAttemptAt: null,
  attemptCount: 1,
  failure: null,
  ...more,
});

/** How many rewards there are of each state. */
export const rewardCounts = (more: Partial<RewardsAnswer['counts']> = {}): RewardsAnswer['counts'] => ({
  waiting: 0,
  fulfilled: 0,
  failed: 0,
  canceled: 0,
  ignored: 0,
  ...more,
});

/** As when the stand-in was started. */
export const newRewardsState = (): RewardsState => ({
  answer: {
    channels: [newRewardChannel(1)],
    counts: rewardCounts(),
    waitingForSwitch: 0,
    unknownSupplier: 0,
    oldestWaitingAt: null,
    hasPromotionScope: true,
  },
  promotions: { promotions: [], missing: [] },
  rewards: [],
  pageSize: 50,
});

interface Asked {
  readonly query: unknown;
  readonly body: unknown;
}

/** What the routes of the rewards answer, over a state that they change. */
export function rewardAnswers(state: RewardsState) {
  const put = (channel: RewardChannelView): void => {
    const channels = state.answer.channels.map((one) =>
      one.channelId === channel.channelId ? channel : one,
    );
    state.answer = { ...state.answer, channels };
  };
  const channelOf = (channelId: number): RewardChannelView => {
    const channel = state.answer.channels.find((one) => one.channelId === channelId);
    if (!channel) throw new Error(`there are no rewards of channel ${channelId}`);
    return channel;
  };
  return {
    /** Saves, unless somebody else did. */
    save(channelId: number, { body }: Asked, savedBy: string): RewardChannelView | RewardConflict {
      const { revision, settings, webhookKey } = rewardSaveBodySchema.parse(body);
      const before = channelOf(channelId);
      if (revision !== before.revision) {
        return { code: 'SETTINGS_CHANGED', message: 'somebody else saved.', current: before };
      }
      const channel: RewardChannelView = {
        ...before,
        settings,
        revision: revision + 1,
        savedAt: NOW,
        savedBy,
        ...(webhookKey !== undefined && {
          webhookKey: webhookKey === null ? null : { lastFour: webhookKey.slice(-4), savedAt: NOW },
        }),
      };
      put(channel);
      return channel;
    },

    /** Has somebody else save. */
    saveAsAnother(channelId: number, change: (channel: RewardChannelView) => RewardChannelView): void {
      const before = channelOf(channelId);
      put({
        ...change(before),
        revision: before.revision + 1,
        savedAt: NOW,
        savedBy: 'colleague@brand.example',
      });
    },

    list({ query }: Asked): RewardsListAnswer {
      const { cursor, state: wanted, channelId, promotionId, search } = rewardQuerySchema.parse(query);
      const meant = state.rewards.filter(
        (reward) =>
          (wanted === undefined || reward.state === wanted) &&
          (channelId === undefined || reward.channelId === channelId) &&
          (promotionId === undefined || reward.promotionId === promotionId) &&
          (search === undefined || reward.code === search || reward.rewardId === search),
      );
      const start = Number(cursor ?? 0);
      const end = start + state.pageSize;
      return { rewards: meant.slice(start, end), next: meant.length > end ? `${end}` : null };
    },

    test({ body }: Asked): CodeTestAnswer {
      codeTestBodySchema.parse(body);
      return { code: 'TEST-K7MR4XQ9' };
    },

    replay({ body }: Asked): RewardReplayAnswer {
      const wanted = rewardReplayBodySchema.parse(body);
      const isMeant = ({ rewardId, state: its }: RewardView): boolean =>
        'all' in wanted ? its === 'failed' : wanted.rewardIds.includes(rewardId);
      const replayed = state.rewards.filter(isMeant).length;
      state.rewards = state.rewards.map((reward) =>
        isMeant(reward) ? { ...reward, state: 'waiting', failure: null, nextAttemptAt: NOW } : reward,
      );
      const count = (its: RewardView['state']): number =>
        state.rewards.filter((one) => one.state === its).length;
      state.answer = {
        ...state.answer,
        counts: { ...state.answer.counts, failed: count('failed'), waiting: count('waiting') },
      };
      return { replayed };
    },
  };
}
