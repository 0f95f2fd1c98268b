import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { PromotionsAnswer, RewardQuery, RewardsAnswer, RewardView } from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { EVERY_MS, whileOpen } from '../while-open.js';

/*
 * What the page of rewards shows is asked for again every few seconds while something is on its way, and not while nobody can see the page.
 * Promotions are asked of BigCommerce, so that less often.
 */

const PROMOTIONS_EVERY_MS = 15_000;

/** Under which it is kept how the rewards stand. */
export const REWARDS_KEY = ['rewards'] as const;
/** Under which the promotions are kept. */
export const PROMOTIONS_KEY = ['promotions'] as const;
/** Under which the issued codes are kept. */
export const CODES_KEY = ['reward-codes'] as const;

/** Whether some reward waits for something else than a switch. */
export const isAtWork = ({ counts, waitingForSwitch }: RewardsAnswer): boolean =>
  counts.waiting > waitingForSwitch;

/** How the rewards stand, kept up to date. */
export const useLiveRewards = (api: Api) =>
  useQuery({
    queryKey: REWARDS_KEY,
    queryFn: api.rewards,
    staleTime: EVERY_MS,
    refetchInterval: ({ state: { data } }) => whileOpen(api, data !== undefined && isAtWork(data)),
  });

const isFilling = ({ promotions }: PromotionsAnswer): boolean =>
  promotions.some(({ ready }) => ready !== null && ready.count < ready.target);

/**
 * The promotions of the store, kept up to date while codes of them are made ahead. They are the same at each storefront but for what is said of
 * them, so those of the last one stay until there are others.
 *
 * @param isAllowed - Whether the app may see them.
 */
export const useLivePromotions = (api: Api, channelId: number, isAllowed: boolean) =>
  useQuery({
    queryKey: [...PROMOTIONS_KEY, channelId],
    queryFn: () => api.promotions(channelId),
    enabled: isAllowed,
    placeholderData: keepPreviousData,
    staleTime: PROMOTIONS_EVERY_MS,
    refetchInterval: ({ state: { data } }) =>
      whileOpen(api, data !== undefined && isFilling(data), PROMOTIONS_EVERY_MS),
  });

const isWaiting = ({ state }: RewardView): boolean => state === 'waiting';

/**
 * The rewards that a query names, page by page, kept up to date. The more pages there are, the less often.
 *
 * @param isBusy - Whether some reward is worked at, shown or not.
 */
export const useLiveCodes = (api: Api, query: RewardQuery, isBusy: boolean) =>
  useInfiniteQuery({
    ...codesQuery(api, query),
    staleTime: EVERY_MS,
    refetchInterval({ state: { data } }) {
      const pages = data?.pages ?? [];
      // What is shown as waiting is looked at once more, when nothing waits any longer.
      const isOpen = isBusy || pages.some(({ rewards }) => rewards.some(isWaiting));
      return whileOpen(api, isOpen, EVERY_MS * Math.max(pages.length, 1));
    },
  });

const codesQuery = (api: Api, query: RewardQuery) =>
  infiniteQueryOptions({
    queryKey: [...CODES_KEY, query],
    queryFn: ({ pageParam }) => api.rewardCodes(query, pageParam || null),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** Asks anew for all that may have changed. */
export const refreshAll = (client: QueryClient): Promise<unknown> =>
  Promise.all(
    [REWARDS_KEY, PROMOTIONS_KEY, CODES_KEY].map((queryKey) => client.invalidateQueries({ queryKey })),
  );
