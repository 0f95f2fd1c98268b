import { H1, ProgressCircle, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dispatch, SetStateAction } from 'react';
import type { StateAnswer } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Card } from '../parts/card.js';
import { Column, Row, Stack } from '../parts/layout.js';
import { NoStorefront } from '../parts/no-storefront.js';
import { Verdict } from '../parts/verdict.js';
import { refreshAll, useLiveRewards } from './live.js';
import { RewardCards } from './reward-cards.js';
import type { RewardDrafts } from './reward-draft.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

/** What the page of rewards works with. */
export interface RewardsProps {
  readonly api: Api;
  readonly state: StateAnswer;
  /** The storefront that the app was opened for; any other number when it was for none. */
  readonly firstChannelId: number;
  /** What is not saved, which outlives the page. */
  readonly drafts: RewardDrafts;
  readonly onDrafts: Dispatch<SetStateAction<RewardDrafts>>;
}

/** What people earn with Extole: under which promotions, and what became of each reward. */
export function Rewards(props: RewardsProps) {
  const { api } = props;
  const text = useRewardsText();
  const client = useQueryClient();
  const { data: rewards, error } = useLiveRewards(api);
  const refresh = useMutation({ mutationFn: () => refreshAll(client) });
  const top = (
    <Card>
      <Stack $gap="xSmall">
        <H1 marginBottom="none">{text('top.title')}</H1>
        <Text marginBottom="none">{text('top.sentence')}</Text>
        <Row>
          <ActionButton
            isBusy={refresh.isPending}
            label={text('top.refresh')}
            onClick={() => refresh.mutate()}
          />
        </Row>
        {error && (
          <div role="alert">
            <Verdict kind="danger">{text('top.failed', { reason: rewardErrorText(text, error) })}</Verdict>
          </div>
        )}
        {!rewards && !error && (
          <div aria-busy="true" aria-label={text('page.rewardsLoading')} role="status">
            <ProgressCircle size="xSmall" />
          </div>
        )}
      </Stack>
    </Card>
  );
  const first = rewards?.channels[0];
  if (rewards && first) return <RewardCards {...props} first={first} rewards={rewards} top={top} />;
  return (
    <Column>
      {top}
      {rewards && <NoStorefront />}
    </Column>
  );
}
