import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Dispatch, type SetStateAction, useState } from 'react';
import type { RewardChannelView, RewardsAnswer } from '../../catalog/rewards-api.js';
import { type Api, ApiError } from '../api.js';
import { type Issue, isWithin } from '../draft.js';
import { CODES_KEY, PROMOTIONS_KEY, REWARDS_KEY } from './live.js';
import {
  afterSave,
  disagreements,
  draftOf,
  FIELD_IDS,
  fieldId,
  findIssues,
  hasChanges,
  KEY_ID,
  type RewardDraft,
  type RewardDrafts,
  rebase,
  saveBodyOf,
  type TypedRewards,
  withDraft,
} from './reward-draft.js';

/** The settings of the storefront that is chosen, as they are edited, and what changes them. */
export interface RewardEditing {
  /** As the app has it. */
  readonly view: RewardChannelView;
  readonly draft: RewardDraft;
  readonly isChanged: boolean;
  readonly issues: readonly Issue[];
  set(change: Partial<TypedRewards>): void;
  setKey(webhookKey: RewardDraft['webhookKey']): void;
  discard(): void;
  /** Saves, unless something in it is known to be wrong. */
  save(): void;
  readonly isSaving: boolean;
  /** Whether the last save was taken. */
  readonly isSaved: boolean;
  /** Why the last save was not taken, unless it is told by the fields or as a conflict. */
  readonly error: Error | null;
  /** Another storefront, chosen before, whose save was not taken. */
  readonly failedElsewhere: number | undefined;
  /** What somebody else saved meanwhile, where both changed the same. */
  readonly conflict: RewardChannelView | undefined;
  /** Ends a conflict: what was changed here is saved over theirs, or given up where they changed the same. */
  decide(counts: 'mine' | 'theirs'): void;
  /** Forgets how the last save went. */
  reset(): void;
}

/** What is wrong with the fields of a storefront. */
interface FoundIssues {
  readonly channelId: number;
  readonly issues: readonly Issue[];
}

const NO_ISSUES: readonly Issue[] = [];

/** Edits and saves. Whatever the app answers, nothing that was typed is lost, and how a save went is told of the storefront whose it was. */
export function useRewardEditing(
  api: Api,
  view: RewardChannelView,
  drafts: RewardDrafts,
  onDrafts: Dispatch<SetStateAction<RewardDrafts>>,
): RewardEditing {
  const client = useQueryClient();
  const { channelId } = view;
  const [found, setFound] = useState<FoundIssues>({ channelId, issues: NO_ISSUES });
  const issues = found.channelId === channelId ? found.issues : NO_ISSUES;
  const draft = drafts.get(channelId) ?? draftOf(view);

  const mutation = useMutation({
    mutationFn: (sent: RewardDraft) => saveMerged(api, sent),
    onSuccess(saved, sent) {
      client.setQueryData<RewardsAnswer>(REWARDS_KEY, (answer) => answer && withChannel(answer, saved));
      // Without a draft all was typed back meanwhile to what it was, and that is still to be saved.
      onDrafts((now) =>
        withDraft(now, afterSave(now.get(saved.channelId) ?? draftOf(sent.base), sent, saved)),
      );
      // With other settings other promotions are in use, and what waited goes on.
      for (const queryKey of [PROMOTIONS_KEY, CODES_KEY]) void client.invalidateQueries({ queryKey });
    },
    onError(failure, sent) {
      setFound({ channelId: sent.base.channelId, issues: issuesOf(failure) });
      // It has nothing to set any more, which the page does not know yet.
      if (follows(failure)) void client.invalidateQueries({ queryKey: REWARDS_KEY });
    },
  });
  const sentId = mutation.variables?.base.channelId;
  const isOfView = sentId === channelId;
  const error = isOfView ? mutation.error : null;
  const conflict = error instanceof ApiError ? error.currentRewards : undefined;
  const isToldElsewhere =
    error !== null && (isOver(error) || conflict !== undefined || issuesOf(error).length > 0);

  const put = (next: RewardDraft): void => onDrafts((now) => withDraft(now, next));
  const forgive = (ids: readonly string[]): void =>
    setFound({ channelId, issues: issues.filter(({ path }) => !ids.some((id) => isWithin(path, id))) });
  const reset = (): void => {
    setFound({ channelId, issues: NO_ISSUES });
    // The save of another storefront that is still under way is told of when it is over.
    if (isOfView || !mutation.isPending) mutation.reset();
  };
  const send = (next: RewardDraft): void => {
    if (mutation.isPending) return;
    reset();
    const wrong = findIssues(next);
    if (wrong.length > 0) setFound({ channelId, issues: wrong });
    else mutation.mutate(next);
  };

  return {
    view,
    draft,
    isChanged: hasChanges(draft),
    issues,
    set(change) {
      put({ ...draft, typed: { ...draft.typed, ...change } });
      const ids = Object.entries(FIELD_IDS).flatMap(([field, id]) => (field in change ? [id] : []));
      // The key goes out of sight with the webhook.
      forgive('intake' in change ? [...ids, KEY_ID] : ids);
    },
    setKey(webhookKey) {
      put({ ...draft, webhookKey });
      forgive([KEY_ID]);
    },
    discard() {
      reset();
      put(draftOf(view));
    },
    save: () => send(draft),
    isSaving: mutation.isPending,
    isSaved: mutation.isSuccess && isOfView,
    error: isToldElsewhere ? null : error,
    failedElsewhere: mutation.isError && !isOfView && !isOver(mutation.error) ? sentId : undefined,
    conflict,
    decide(counts) {
      if (!conflict) return;
      const next = rebase(draft, conflict, counts === 'theirs' ? disagreements(draft, conflict) : []);
      client.setQueryData<RewardsAnswer>(REWARDS_KEY, (answer) => answer && withChannel(answer, conflict));
      put(next);
      reset();
      if (hasChanges(next)) send(next);
    },
    reset,
  };
}

/** Saves. What somebody else saved meanwhile is no matter, where it is not what was changed here. */
async function saveMerged(api: Api, draft: RewardDraft): Promise<RewardChannelView> {
  try {
    return await api.saveRewards(draft.base.channelId, saveBodyOf(draft));
  } catch (error) {
    const current = error instanceof ApiError ? error.currentRewards : undefined;
    if (!current || disagreements(draft, current).length > 0) throw error;
    return saveMerged(api, rebase(draft, current));
  }
}

const withChannel = (answer: RewardsAnswer, saved: RewardChannelView): RewardsAnswer => ({
  ...answer,
  channels: answer.channels.map((one) => (one.channelId === saved.channelId ? saved : one)),
});

const issuesOf = (error: Error): Issue[] =>
  error instanceof ApiError
    ? (error.failure.issues ?? []).map(({ path, message }) => ({ path: fieldId(path), message }))
    : [];

const isOver = (error: Error): boolean => error instanceof ApiError && error.status === 401;

const follows = (error: Error): boolean =>
  error instanceof ApiError && error.failure.code === 'REWARDS_FOLLOW';
