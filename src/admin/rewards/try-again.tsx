import { Text } from '@bigcommerce/big-design';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Ref, useState } from 'react';
import { flushSync } from 'react-dom';
import styled from 'styled-components';
import type { RewardReplayAnswer, RewardReplayBody } from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { Dialog } from '../dialogs/dialog.js';
import { ActionButton } from '../parts/action-button.js';
import { Row } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { refreshAll } from './live.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

const Said = styled.div`
  &:focus { outline: none; }
`;

/** Has rewards tried again, one or all that failed. */
export type Replay = UseMutationResult<RewardReplayAnswer, Error, RewardReplayBody>;

/** See {@link Replay}. */
export function useReplay(api: Api): Replay {
  const client = useQueryClient();
  return useMutation({ mutationFn: api.replayRewards, onSuccess: () => refreshAll(client) });
}

/** How the last try went, of one or of all. The focus can be put there. */
export function Tried({ replay, ref }: { readonly replay: Replay; readonly ref: Ref<HTMLDivElement> }) {
  const text = useRewardsText();
  return (
    <Said ref={ref} role="status" tabIndex={-1}>
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
    </Said>
  );
}

/** Tries all again that failed, after asking. */
export function TryAllAgain(props: {
  readonly failedCount: number;
  readonly isBusy: boolean;
  readonly onAgain: (what: RewardReplayBody) => void;
}) {
  const { failedCount, isBusy, onAgain } = props;
  const text = useRewardsText();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      {failedCount > 0 && (
        <Row>
          <ActionButton isBusy={isBusy} label={text('again.all')} onClick={() => setIsAsking(true)} />
        </Row>
      )}
      {isAsking && (
        <Dialog
          cancel={text('cancel')}
          confirm={text('again.one')}
          header={text('again.ask')}
          onCancel={() => setIsAsking(false)}
          onConfirm={() => {
            // At once, since a dialog gives the focus back when it goes.
            flushSync(() => setIsAsking(false));
            onAgain({ all: 'failed' });
          }}
        >
          <Text>{text('again.count', { count: failedCount })}</Text>
          <Text>{text('again.help')}</Text>
        </Dialog>
      )}
    </>
  );
}
