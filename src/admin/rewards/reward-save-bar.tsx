import type { ChannelView } from '../../catalog/admin-api.js';
import { ApiError } from '../api.js';
import { channelName } from '../channel-name.js';
import { BottomBar } from '../parts/bottom-bar.js';
import { Verdict } from '../parts/verdict.js';
import { rewardErrorText } from './reward-text.js';
import { type RewardsText, useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** At the bottom of the rewards: what is not saved, and how saving went. */
export function RewardSaveBar(props: {
  readonly editing: RewardEditing;
  readonly channels: readonly ChannelView[];
  readonly isOver: boolean;
}) {
  const { editing, channels, isOver } = props;
  const { isChanged, isSaving, isSaved, error, failedElsewhere, issues, discard, save } = editing;
  const text = useRewardsText();
  const saved = isSaved && !isChanged;
  const hasFailed = error !== null || failedElsewhere !== undefined || issues.length > 0;
  return (
    <BottomBar
      hasNews={saved || hasFailed || isOver}
      isChanged={isChanged}
      isOver={isOver}
      isSaving={isSaving}
      onDiscard={discard}
      onSave={save}
    >
      {isOver && <Verdict kind="danger">{text('top.over')}</Verdict>}
      {error && <Verdict kind="danger">{notSaved(text, error)}</Verdict>}
      {failedElsewhere !== undefined && (
        <Verdict kind="danger">
          {text('save.elsewhere', { name: channelName(channels, failedElsewhere) })}
        </Verdict>
      )}
      {issues.length > 0 && <Verdict kind="danger">{text('save.issues', { count: issues.length })}</Verdict>}
      {saved && <Verdict kind="success">{text('save.done')}</Verdict>}
    </BottomBar>
  );
}

/** Changes are kept, unless there is nothing any more that they could be saved for. */
function notSaved(text: RewardsText, error: Error): string {
  const reason = rewardErrorText(text, error);
  const isKept = !(error instanceof ApiError && error.failure.code === 'REWARDS_FOLLOW');
  return isKept ? text('save.failed', { reason }) : reason;
}
