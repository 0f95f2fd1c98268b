import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { JobView } from '../catalog/admin-api.js';
import type { Api } from './api.js';
import { STATUS_KEY, useStatus } from './use-status.js';

const POLL_EVERY_MS = 1_000;

/** Whether a job has come to its end, whichever. */
export const hasEnded = ({ state }: JobView): boolean => state === 'done' || state === 'failed';

/** The job that the page tells of: the last one that it started, or one that was running when it was opened. */
export interface FollowedJob {
  readonly job: JobView | undefined;
  follow(job: JobView): void;
  /** Tells of it no more. */
  dismiss(): void;
}

/** Follows a job to its end, a second at a time. Then the status is asked for again. */
export function useJob(api: Api): FollowedJob {
  const client = useQueryClient();
  const { data: status } = useStatus(api);
  const [followed, setFollowed] = useState<JobView | null>();
  // Until the page started one itself, it tells of what runs already.
  const first = followed === undefined ? status?.recentJobs.find((one) => !hasEnded(one)) : followed;
  const { data: job } = useQuery({
    queryKey: ['job', first?.id],
    queryFn: () => api.job(first?.id ?? ''),
    enabled: first !== undefined && first !== null,
    initialData: first ?? undefined,
    staleTime: POLL_EVERY_MS,
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : POLL_EVERY_MS),
  });

  const endedId = job && hasEnded(job) ? job.id : undefined;
  useEffect(() => {
    if (endedId !== undefined) void client.invalidateQueries({ queryKey: STATUS_KEY });
  }, [endedId, client]);

  // It is told of to its end, though the status does not list it as running then.
  useEffect(() => {
    if (followed === undefined && first) setFollowed(first);
  }, [followed, first]);

  return { job: first ? job : undefined, follow: setFollowed, dismiss: () => setFollowed(null) };
}
