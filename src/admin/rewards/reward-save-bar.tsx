import { BottomBar } from '../parts/bottom-bar.js';
import { Verdict } from '../parts/verdict.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** At the bottom of the rewards: what is not saved, and how saving went. */
export function RewardSaveBar({
  editing,
  isOver,
}: {
  readonly editing: RewardEditing;
  readonly isOver: boolean;
}) {
  const { isChanged, isSaving, isSaved, error, issues, discard, save } = editing;
  const text = useRewardsText();
  const saved = isSaved && !isChanged;
  return (
    <BottomBar
      hasNews={saved || error !== null || isOver || issues.length > 0}
      isChanged={isChanged}
      isOver={isOver}
      isSaving={isSaving}
      onDiscard={discard}
      onSave={save}
    >
      {isOver && <Verdict kind="danger">{text('top.over')}</Verdict>}
      {error && (
        <Verdict kind="danger">{text('save.failed', { reason: rewardErrorText(text, error) })}</Verdict>
      )}
      {issues.length > 0 && <Verdict kind="danger">{text('save.issues', { count: issues.length })}</Verdict>}
      {saved && <Verdict kind="success">{text('save.done')}</Verdict>}
    </BottomBar>
  );
}
