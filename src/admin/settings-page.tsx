import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { StateAnswer } from '../catalog/admin-api.js';
import type { Api } from './api.js';
import { FirstRun } from './cards/first-run.js';
import { FollowsOther } from './cards/follows-other.js';
import { Introduction } from './cards/introduction.js';
import { Notices } from './cards/notices.js';
import { Status } from './cards/status.js';
import { ChannelCards } from './channel-cards.js';
import {
  type Draft,
  draftOf,
  editSameAs,
  editSecrets,
  editSettings,
  hasChanges,
  mergeDraft,
} from './draft.js';
import type { Editing } from './editing.js';
import { issueText } from './issue-text.js';
import { Column } from './parts/layout.js';
import { NoStorefront } from './parts/no-storefront.js';
import { SaveBar } from './parts/save-bar.js';
import type { DraftStore } from './use-drafts.js';
import { useFocusFirstIssue } from './use-focus-first-issue.js';
import { hasEnded, useJob } from './use-job.js';
import { useLeaveWarning } from './use-leave-warning.js';
import { useSaving } from './use-saving.js';
import { useSessionEnd } from './use-session-end.js';
import { useText } from './use-text.js';

const ChannelChoice = lazy(() => import('./cards/channel-choice.js'));
const ConflictDialog = lazy(() => import('./dialogs/conflict-dialog.js'));

const NO_DRAFT: Pick<Draft, 'issues'> = { issues: [] };

/** One column of cards for the storefront that is chosen, and the bar below them. */
export function SettingsPage(props: {
  readonly api: Api;
  readonly state: StateAnswer;
  readonly drafts: DraftStore;
  readonly firstChannelId: number;
  /** Whether it is on the screen. */
  readonly isShown: boolean;
}) {
  const { api, state, drafts, firstChannelId, isShown } = props;
  const { channels } = state;
  const text = useText();
  const isOver = useSessionEnd(api);
  const followed = useJob(api);
  const saving = useSaving(api, drafts, followed.follow);
  const repair = useMutation({ mutationFn: api.repair, onSuccess: followed.follow });
  const [channelId, setChannelId] = useState(firstChannelId);
  const first = channels[0];
  const draft = drafts.drafts.get(channelId) ?? (first && drafts.drafts.get(first.channelId));
  useFocusFirstIssue((draft ?? NO_DRAFT).issues);
  useLeaveWarning(!isOver && [...drafts.drafts.values()].some(hasChanges));

  if (!draft) {
    return (
      <Column>
        <Introduction />
        <NoStorefront />
      </Column>
    );
  }

  const { saved, edited, conflict } = draft;
  const update = (change: (draft: Draft) => Draft): void => drafts.update(saved.channelId, change);
  const editing: Editing = {
    api,
    state,
    draft,
    issue: (path) => {
      const found = draft.issues.find((one) => one.path === path);
      return found && issueText(text, found);
    },
    set: (change) => update((now) => editSettings(now, change)),
    setSecrets: (change) => update((now) => editSecrets(now, change)),
    save: () => saving.save(draft),
  };
  const discard = (): void => {
    saving.reset();
    update((now) => draftOf(now.saved));
  };
  const choose = (next: number): void => {
    saving.reset();
    setChannelId(next);
  };

  return (
    <>
      <Column>
        <Notices api={api} draft={draft} onDiscard={discard} />
        <Introduction />
        {edited.sameAs === null && (
          <FirstRun api={api} channel={saved} key={saved.channelId} notes={state.notes} />
        )}
        {channels.length > 1 && (
          <Suspense>
            <ChannelChoice
              drafts={drafts.drafts}
              editing={editing}
              onChoose={choose}
              onSameAs={(sameAs) => update((now) => editSameAs(now, sameAs))}
            />
          </Suspense>
        )}
        {edited.sameAs === null ? (
          <ChannelCards editing={editing} key={saved.channelId} />
        ) : (
          <FollowsOther leader={channels.find((one) => one.channelId === edited.sameAs)} onChoose={choose} />
        )}
        <Status
          api={api}
          channels={channels}
          isWorking={followed.job !== undefined && !hasEnded(followed.job)}
          onRepair={repair.mutate}
          repair={repair}
        />
      </Column>
      <SaveBar
        draft={draft}
        followed={followed}
        isOver={isOver}
        onDiscard={discard}
        onRepair={repair.mutate}
        saving={saving}
      />
      {conflict && isShown && (
        <Suspense>
          <ConflictDialog
            conflict={conflict}
            editing={editing}
            onCancel={() => update((now) => ({ ...now, conflict: null }))}
            onDecide={(current, keptPaths) => {
              const merged = mergeDraft(draft, current, keptPaths);
              update(() => merged);
              if (conflict.wasSaving) saving.save(merged);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
