import { infiniteQueryOptions, type QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActivityAnswer, EventFilter, EventView } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { ACTIVITY_KEY, activityQuery } from '../use-activity.js';
import { EVERY_MS, whileOpen } from '../while-open.js';

/*
 * What the activity shows is asked for again every few seconds while something is on its way, and not while nobody can see the page.
 */

const EVENTS_KEY = ['events'] as const;
const EVENT_KEY = ['event'] as const;

/** Under which the past erasures are kept. */
export const ERASURES_KEY = ['erasures'] as const;

const isUnderWay = ({ waiting, ordersToLookAt, import: imported }: ActivityAnswer): boolean =>
  waiting > 0 || ordersToLookAt > 0 || imported?.state === 'running';

/** How things stand, kept up to date. */
export const useLiveActivity = (api: Api) =>
  useQuery({
    ...activityQuery(api),
    staleTime: EVERY_MS,
    refetchInterval: ({ state: { data } }) => whileOpen(api, data !== undefined && isUnderWay(data)),
  });

const isWaiting = ({ state }: Pick<EventView, 'state'>): boolean => state === 'waiting';

/** The events that a filter names, page by page, kept up to date. The more pages there are, the less often. */
export function useLiveEvents(api: Api, filter: EventFilter) {
  const { data: activity } = useQuery(activityQuery(api));
  const isBusy = activity !== undefined && isUnderWay(activity);
  return useInfiniteQuery({
    ...eventsQuery(api, filter),
    staleTime: EVERY_MS,
    refetchInterval({ state: { data } }) {
      const pages = data?.pages ?? [];
      // What is shown as waiting is looked at once more, when nothing waits any longer.
      const isOpen = isBusy || pages.some(({ events }) => events.some(isWaiting));
      return whileOpen(api, isOpen, EVERY_MS * Math.max(pages.length, 1));
    },
  });
}

const eventsQuery = (api: Api, filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: [...EVENTS_KEY, filter],
    queryFn: ({ pageParam }) => api.events(filter, pageParam || null),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

/** One event, with personal data masked, kept up to date until it is delivered or refused. */
export const useLiveEvent = (api: Api, id: string | undefined) =>
  useQuery({
    queryKey: [...EVENT_KEY, id],
    queryFn: () => api.event(id ?? '', false),
    enabled: id !== undefined,
    staleTime: EVERY_MS,
    refetchInterval: ({ state: { data } }) => whileOpen(api, data !== undefined && isWaiting(data)),
  });

/** Asks anew for all that may have changed. */
export const refreshAll = (client: QueryClient): Promise<unknown> =>
  Promise.all(
    [ACTIVITY_KEY, EVENTS_KEY, EVENT_KEY, ERASURES_KEY].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
