import { useQuery } from '@tanstack/react-query';
import type { Api } from './api.js';

/** Under which the status is kept. */
export const STATUS_KEY = ['status'] as const;

/** How things stand in the store, as far as it was looked at. */
export const useStatus = (api: Api) =>
  useQuery({ queryKey: STATUS_KEY, queryFn: () => api.status(false), staleTime: 60_000 });
