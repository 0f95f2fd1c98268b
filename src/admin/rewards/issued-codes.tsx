import { Box, H2, ProgressCircle, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useRef } from 'react';
import styled from 'styled-components';
import type { ChannelView } from '../../catalog/admin-api.js';
import type {
  PromotionsAnswer,
  RewardQuery,
  RewardReplayBody,
  RewardsAnswer,
} from '../../catalog/rewards-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Card } from '../parts/card.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { CodeFilters } from './code-filters.js';
import { CodeTable } from './code-table.js';
import { isAtWork, useLiveCodes } from './live.js';
import { rewardErrorText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';
import { Tried, TryAllAgain, useReplay } from './try-again.js';

const Heading = styled.div`
  &:focus-visible { outline: 3px solid ${theme.colors.primary30}; outline-offset: 4px; }
`;

/** The rewards, those that the filters name, each with its code and what became of it. */
export function IssuedCodes(props: {
  readonly api: Api;
  readonly channels: readonly ChannelView[];
  readonly promotions: PromotionsAnswer | undefined;
  readonly rewards: RewardsAnswer;
  readonly query: RewardQuery;
  /** Of the heading. */
  readonly id: string;
  readonly onQuery: (query: RewardQuery) => void;
}) {
  const { api, channels, promotions, rewards, query, id, onQuery } = props;
  const text = useRewardsText();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useLiveCodes(
    api,
    query,
    isAtWork(rewards),
  );
  const replay = useReplay(api);
  const shownRewards = data?.pages.flatMap((page) => page.rewards) ?? [];
  const count = shownRewards.length;
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const isEmpty = data !== undefined && count === 0 && !isFiltered;

  // The button goes with the last page. The focus stays with what it did.
  const shown = useRef<HTMLSpanElement>(null);
  const more = (): void => {
    shown.current?.focus();
    void fetchNextPage();
  };

  // So does the button that tried something again, with its row or what it says: the focus goes to where it is said how that went.
  const tried = useRef<HTMLDivElement>(null);
  const again = (what: RewardReplayBody): void => {
    tried.current?.focus();
    replay.mutate(what);
  };

  return (
    <Card>
      <Stack $gap="xLarge">
        <Heading id={id} tabIndex={-1}>
          <H2 marginBottom="none">{text('codes.header')}</H2>
        </Heading>
        {isEmpty ? (
          <Box>
            <Text bold>{text('codes.empty')}</Text>
            <Text>{text('codes.emptyHelp')}</Text>
          </Box>
        ) : (
          <Stack $gap="xSmall">
            <CodeFilters channels={channels} onQuery={onQuery} promotions={promotions} query={query} />
            <Tried ref={tried} replay={replay} />
          </Stack>
        )}
        {error && (
          <div role="alert">
            <Verdict kind="danger">{text('codes.failed', { reason: rewardErrorText(text, error) })}</Verdict>
          </div>
        )}
        {isPending && (
          <div aria-busy="true" aria-label={text('codes.loading')} role="status">
            <ProgressCircle size="xSmall" />
          </div>
        )}
        {count > 0 && (
          <CodeTable
            channels={channels}
            onAgain={(rewardId) => again({ rewardIds: [rewardId] })}
            promotions={promotions}
            rewardChannels={rewards.channels}
            rewards={shownRewards}
          />
        )}
        {data && !isEmpty && (
          <Row>
            <span ref={shown} role="status" tabIndex={-1}>
              {text(hasNextPage ? 'codes.shownOfMore' : 'codes.shown', { count })}
            </span>
            {hasNextPage && (
              <ActionButton isBusy={isFetchingNextPage} label={text('codes.more')} onClick={more} />
            )}
          </Row>
        )}
        <TryAllAgain failedCount={rewards.counts.failed} isBusy={replay.isPending} onAgain={again} />
      </Stack>
    </Card>
  );
}
