import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ActivityAnswer } from '../catalog/activity-api.js';
import type { Api } from './api.js';

/** Under which it is kept how the delivery of events stands. */
export const ACTIVITY_KEY = ['activity'] as const;

/** How it is asked for. */
export const activityQuery = (api: Api) =>
  queryOptions({ queryKey: ACTIVITY_KEY, queryFn: api.activity, staleTime: 60_000 });

/** How the delivery of events stands. */
export const useActivity = (api: Api) => useQuery(activityQuery(api));

/** Whether a merchant has something to do about it. What Extole takes no more of at the moment goes on by itself. */
export const needsAttention = ({ dead, pauses }: ActivityAnswer): boolean =>
  dead > 0 || pauses.some(({ reason }) => reason !== 'rate-limited');
