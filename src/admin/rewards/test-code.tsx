import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

/**
 * Makes a code under a promotion as a reward would, deletes it, and says how that went.
 *
 * @param props.beside - What else can be done with the promotion.
 */
export function TestCode(props: {
  readonly api: Api;
  readonly promotionId: number;
  readonly channelId: number;
  readonly beside: ReactNode;
}) {
  const { api, promotionId, channelId, beside } = props;
  const text = useRewardsText();
  const test = useMutation({ mutationFn: () => api.testCode(promotionId, channelId) });
  return (
    <Stack $gap="xSmall">
      <Row>
        {beside}
        <ActionButton isBusy={test.isPending} label={text('promotion.test')} onClick={() => test.mutate()} />
      </Row>
      <div aria-live="polite">
        {test.data && <Verdict kind="success">{text('promotion.tested', { code: test.data.code })}</Verdict>}
        {test.error && (
          <Verdict kind="danger">
            {text('promotion.testFailed', { reason: rewardErrorText(text, test.error) })}
          </Verdict>
        )}
      </div>
    </Stack>
  );
}
