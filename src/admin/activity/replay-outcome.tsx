import type { ReplayAnswer } from '../../catalog/activity-api.js';
import { Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';

/** How a replay went: how many are on their way again, and how many can't be. */
export function ReplayOutcome(props: {
  readonly answer: ReplayAnswer | undefined;
  readonly error: Error | null;
}) {
  const { answer, error } = props;
  const text = useActivityText();
  return (
    <Stack $gap="xSmall" aria-live="polite">
      {answer && (
        <Verdict kind={answer.replayed > 0 ? 'success' : 'warning'}>
          {text('replay.done', { count: answer.replayed })}
        </Verdict>
      )}
      {answer && answer.forgotten > 0 && (
        <Verdict kind="warning">{text('replay.forgotten', { count: answer.forgotten })}</Verdict>
      )}
      {error && (
        <Verdict kind="danger">{text('replay.failed', { reason: activityErrorText(text, error) })}</Verdict>
      )}
    </Stack>
  );
}
