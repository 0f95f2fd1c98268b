import { Button, Select } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useEffect, useState } from 'react';
import styled from 'styled-components';
import { EVENT_KINDS, EVENT_STATES, type EventFilter } from '../../catalog/activity-api.js';
import type { ChannelView } from '../../catalog/admin-api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { useActivityText } from './activity-messages.js';
import { wholeNumber } from './whole-number.js';

const DAYS = [1, 7, 14, 30] as const;
const DAY_MS = 86_400_000;

const Choices = styled.div`
  display: grid;
  gap: ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr));
`;

/** Chooses which events are shown: each choice counts at once, an order's number when it is searched for. */
export function EventFilters(props: {
  readonly channels: readonly ChannelView[];
  readonly filter: EventFilter;
  readonly onFilter: (filter: EventFilter) => void;
}) {
  const { channels, filter, onFilter } = props;
  const text = useActivityText();
  const [days, setDays] = useState(0);
  const [order, setOrder] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const { orderId: searched } = filter;
  // What is not searched for any more does not stand there.
  useEffect(() => {
    if (searched !== undefined) return;
    setOrder('');
    setIsWrong(false);
  }, [searched]);
  const set = (change: EventFilter): void => onFilter({ ...filter, ...change });

  const search = (): void => {
    const orderId = wholeNumber(order);
    const isNothing = order.trim() === '';
    setIsWrong(orderId === null && !isNothing);
    if (orderId !== null || isNothing) set({ orderId: orderId ?? undefined });
  };
  const clear = (): void => {
    setOrder('');
    setIsWrong(false);
    onFilter({});
  };

  return (
    <Stack aria-label={text('list.filters')} role="group">
      <Choices>
        <Select
          label={text('list.state')}
          onOptionChange={(value) => set({ state: EVENT_STATES.find((one) => one === value) })}
          options={[
            { value: '', content: text('list.anyState') },
            ...EVENT_STATES.map((value) => ({ value, content: text(`state.${value}`) })),
          ]}
          filterable={false}
          value={filter.state ?? ''}
        />
        <Select
          label={text('list.kind')}
          onOptionChange={(value) => set({ kind: EVENT_KINDS.find((one) => one === value) })}
          options={[
            { value: '', content: text('list.anyKind') },
            ...EVENT_KINDS.map((value) => ({ value, content: text(`kind.${value}`) })),
          ]}
          filterable={false}
          value={filter.kind ?? ''}
        />
        {channels.length > 1 && (
          <Select
            label={text('list.channel')}
            onOptionChange={(value) => set({ channelId: value || undefined })}
            options={[
              { value: 0, content: text('list.anyChannel') },
              ...channels.map(({ channelId, name }) => ({ value: channelId, content: name })),
            ]}
            filterable={false}
            value={filter.channelId ?? 0}
          />
        )}
        <Select
          label={text('list.days')}
          onOptionChange={(value = 0) => {
            setDays(value);
            set({ since: value === 0 ? undefined : new Date(Date.now() - value * DAY_MS).toISOString() });
          }}
          options={[
            { value: 0, content: text('list.anyDays') },
            ...DAYS.map((count) => ({ value: count, content: text('list.lastDays', { count }) })),
          ]}
          filterable={false}
          value={filter.since === undefined ? 0 : days}
        />
      </Choices>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <Stack $gap="xSmall">
          <TextField
            autoComplete="off"
            error={isWrong ? text('list.orderInvalid') : undefined}
            id="order-search"
            label={text('list.order')}
            onChange={setOrder}
            value={order}
          />
          <Row>
            <ActionButton label={text('list.search')} />
            <Button mobileWidth="auto" onClick={clear} type="button" variant="subtle">
              {text('list.clear')}
            </Button>
          </Row>
        </Stack>
      </form>
    </Stack>
  );
}
