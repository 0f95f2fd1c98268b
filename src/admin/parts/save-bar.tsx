import { type Draft, hasChanges, hasTypedSecrets } from '../draft.js';
import { errorText } from '../failure-text.js';
import type { FollowedJob } from '../use-job.js';
import type { Saving } from '../use-saving.js';
import { useText } from '../use-text.js';
import { BottomBar } from './bottom-bar.js';
import { JobProgress } from './job-progress.js';
import { Verdict } from './verdict.js';

/** At the bottom of the settings: what is not saved, how saving went, and what is being done in the store. */
export function SaveBar(props: {
  readonly draft: Draft;
  readonly saving: Saving;
  readonly followed: FollowedJob;
  readonly isOver: boolean;
  readonly onDiscard: () => void;
  readonly onRepair: () => void;
}) {
  const { draft, saving, followed, isOver, onDiscard, onRepair } = props;
  const { isSaving, isSaved, error } = saving;
  const { job, dismiss } = followed;
  const text = useText();
  const isChanged = hasChanges(draft);
  const issueCount = draft.issues.length;
  const saved = !isChanged && isSaved && !job;
  return (
    <BottomBar
      hasNews={saved || job !== undefined || error !== null || isOver || issueCount > 0}
      isChanged={isChanged}
      isOver={isOver}
      isSaving={isSaving}
      onDiscard={onDiscard}
      onSave={() => saving.save(draft)}
    >
      {isOver && (
        <Verdict kind="danger">
          {text('session.over')} {hasTypedSecrets(draft) && text('session.secrets')}
        </Verdict>
      )}
      {error && <Verdict kind="danger">{text('save.failed', { reason: errorText(text, error) })}</Verdict>}
      {issueCount > 0 && <Verdict kind="danger">{text('save.issues', { count: issueCount })}</Verdict>}
      {saved && <Verdict kind="success">{text('save.done')}</Verdict>}
      {job && <JobProgress job={job} onAgain={onRepair} onDismiss={dismiss} />}
    </BottomBar>
  );
}
