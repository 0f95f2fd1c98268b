import { Button, Select } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useEffect, useState } from 'react';
import styled from 'styled-components';
import type { ChannelView } from '../../catalog/admin-api.js';
import { type PromotionsAnswer, REWARD_STATES, type RewardQuery } from '../../catalog/rewards-api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { promotionName } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

const LONGEST_SEARCH = 100;

const Choices = styled.div`
  display: grid;
  gap: ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr));
`;

/** Chooses which rewards are shown: each choice counts at once, a code or a reward's ID when it is searched for. */
export function CodeFilters(props: {
  readonly channels: readonly ChannelView[];
  readonly promotions: PromotionsAnswer | undefined;
  readonly query: RewardQuery;
  readonly onQuery: (query: RewardQuery) => void;
}) {
  const { channels, promotions, query, onQuery } = props;
  const text = useRewardsText();
  const [typed, setTyped] = useState('');
  const { search: searched } = query;
  // What is not searched for any more does not stand there.
  useEffect(() => {
    if (searched === undefined) setTyped('');
  }, [searched]);
  const set = (change: RewardQuery): void => onQuery({ ...query, ...change });
  const promotionIds = [
    ...(promotions?.promotions.flatMap(({ promotionId, isUsed }) => (isUsed ? [promotionId] : [])) ?? []),
    ...(promotions?.missing ?? []),
  ];
  return (
    <Stack aria-label={text('codes.filters')} role="group">
      <Choices>
        <Select
          filterable={false}
          label={text('codes.state')}
          onOptionChange={(value) => set({ state: REWARD_STATES.find((one) => one === value) })}
          options={[
            { value: '', content: text('codes.anyState') },
            ...REWARD_STATES.map((value) => ({ value, content: text(`state.${value}`) })),
          ]}
          value={query.state ?? ''}
        />
        <Select
          filterable={false}
          label={text('codes.promotion')}
          onOptionChange={(value) => set({ promotionId: value || undefined })}
          options={[
            { value: 0, content: text('codes.anyPromotion') },
            ...promotionIds.map((id) => ({ value: id, content: promotionName(text, promotions, id) })),
          ]}
          value={query.promotionId ?? 0}
        />
        {channels.length > 1 && (
          <Select
            filterable={false}
            label={text('codes.channel')}
            onOptionChange={(value) => set({ channelId: value || undefined })}
            options={[
              { value: 0, content: text('codes.anyChannel') },
              ...channels.map(({ channelId, name }) => ({ value: channelId, content: name })),
            ]}
            value={query.channelId ?? 0}
          />
        )}
      </Choices>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          set({ search: typed.trim() || undefined });
        }}
      >
        <Stack $gap="xSmall">
          <TextField
            autoComplete="off"
            error={undefined}
            id="code-search"
            label={text('codes.searchFor')}
            maxLength={LONGEST_SEARCH}
            onChange={setTyped}
            value={typed}
          />
          <Row>
            <ActionButton label={text('codes.search')} />
            <Button
              mobileWidth="auto"
              onClick={() => {
                setTyped('');
                onQuery({});
              }}
              type="button"
              variant="subtle"
            >
              {text('codes.clear')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Stack>
  );
}
