import { Text } from '@bigcommerce/big-design';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RewardReplayAnswer, RewardReplayBody } from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { Dialog } from '../dialogs/dialog.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { refreshAll } from './live.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

/** Has rewards tried again, one or all that failed. */
export type Replay = UseMutationResult<RewardReplayAnswer, Error, RewardReplayBody>;

/** See {@link Replay}. */
export function useReplay(api: Api): Replay {
  const client = useQueryClient();
  return useMutation({ mutationFn: api.replayRewards, onSuccess: () => refreshAll(client) });
}

/** Tries all again that failed, after asking, and says how the last try went, of one or of all. */
export function TryAllAgain({
  replay,
  failedCount,
}: {
  readonly replay: Replay;
  readonly failedCount: number;
}) {
  const text = useRewardsText();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Stack $gap="xSmall">
      {failedCount > 0 && (
        <Row>
          <ActionButton
            isBusy={replay.isPending}
            label={text('again.all')}
            onClick={() => setIsAsking(true)}
          />
        </Row>
      )}
      <div aria-live="polite">
        {replay.data && (
          <Verdict kind={replay.data.replayed > 0 ? 'success' : 'warning'}>
            {text('again.done', { count: replay.data.replayed })}
          </Verdict>
        )}
        {replay.error && (
          <Verdict kind="danger">
            {text('again.failed', { reason: rewardErrorText(text, replay.error) })}
          </Verdict>
        )}
      </div>
      {isAsking && (
        <Dialog
          cancel={text('cancel')}
          confirm={text('again.one')}
          header={text('again.ask')}
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            replay.mutate({ all: 'failed' });
          }}
        >
          <Text>{text('again.count', { count: failedCount })}</Text>
          <Text>{text('again.help')}</Text>
        </Dialog>
      )}
    </Stack>
  );
}
