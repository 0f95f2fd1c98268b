import { useMutation } from '@tanstack/react-query';
import type { JobView } from '../catalog/admin-api.js';
import { type Api, ApiError } from './api.js';
import { afterSave, type Draft, findIssues, type Issue, saveBodyOf } from './draft.js';
import type { DraftStore } from './use-drafts.js';

/** How saving goes. */
export interface Saving {
  readonly isSaving: boolean;
  /** Whether the last save was taken. */
  readonly isSaved: boolean;
  /** Why the last save was not taken, unless it is told by the fields or as a conflict. */
  readonly error: Error | null;
  /** Saves, unless something in it is known to be wrong. */
  save(draft: Draft): void;
  /** Forgets how the last save went. */
  reset(): void;
}

/**
 * Saves drafts. Whatever the app answers, nothing that was typed is lost.
 *
 * @param onJob - Told of the job that brings the store up to date.
 */
export function useSaving(api: Api, { update }: DraftStore, onJob: (job: JobView) => void): Saving {
  const mutation = useMutation({
    mutationFn: (draft: Draft) => api.save(draft.saved.channelId, saveBodyOf(draft)),
    onSuccess({ channel, job }, sent) {
      update(channel.channelId, (draft) => afterSave(draft, sent, channel));
      if (job) onJob(job);
    },
    onError(error, { saved: { channelId } }) {
      if (!(error instanceof ApiError)) return;
      const { current } = error;
      const issues = issuesOf(error);
      if (current) update(channelId, (draft) => ({ ...draft, conflict: { current, wasSaving: true } }));
      else if (issues.length > 0) update(channelId, (draft) => ({ ...draft, issues }));
    },
  });
  const { error } = mutation;
  const isToldElsewhere =
    error instanceof ApiError && (error.status === 401 || error.current || issuesOf(error).length > 0);

  return {
    isSaving: mutation.isPending,
    isSaved: mutation.isSuccess,
    error: isToldElsewhere ? null : error,
    reset: mutation.reset,
    save(draft) {
      if (mutation.isPending) return;
      mutation.reset();
      const issues = findIssues(draft);
      if (issues.length > 0) update(draft.saved.channelId, (now) => ({ ...now, issues }));
      else mutation.mutate(draft);
    },
  };
}

function issuesOf({ failure }: ApiError): Issue[] {
  if (failure.code === 'ACCESS_TOKEN_REFUSED') return [{ path: 'accessToken', message: failure.message }];
  if (failure.code === 'SAME_AS_INVALID') return [{ path: 'sameAs', message: failure.message }];
  return (failure.issues ?? []).map(({ path, message }) => ({ path, message }));
}
