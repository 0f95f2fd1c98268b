import { Box, H2, ProgressCircle, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useRef, useState } from 'react';
import styled from 'styled-components';
import type { EventFilter } from '../../catalog/activity-api.js';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Card } from '../parts/card.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { EventDialog } from './event-dialog.js';
import { EventFilters } from './event-filters.js';
import { EventTable } from './event-table.js';
import { activityErrorText } from './event-text.js';
import { ExportButton } from './export-button.js';
import { useLiveEvents } from './live.js';
import { ReplayMany } from './replay-many.js';

const Heading = styled.div`
  &:focus-visible { outline: 3px solid ${theme.colors.primary30}; outline-offset: 4px; }
`;

/** The events, those that the filters name, with what can be done with them. */
export function Events(props: {
  readonly api: Api;
  readonly channels: readonly ChannelView[];
  readonly filter: EventFilter;
  /** Of the heading. */
  readonly id: string;
  readonly onFilter: (filter: EventFilter) => void;
}) {
  const { api, channels, filter, id, onFilter } = props;
  const text = useActivityText();
  const [openId, setOpenId] = useState<string>();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useLiveEvents(
    api,
    filter,
  );
  const events = data?.pages.flatMap((page) => page.events) ?? [];
  const count = events.length;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const isEmpty = data !== undefined && count === 0;

  // The button goes with the last page. The focus stays with what it did.
  const shown = useRef<HTMLSpanElement>(null);
  const more = (): void => {
    shown.current?.focus();
    void fetchNextPage();
  };

  return (
    <Card>
      <Stack $gap="xLarge">
        <Heading id={id} tabIndex={-1}>
          <H2 marginBottom="none">{text('list.header')}</H2>
        </Heading>
        {isEmpty && !isFiltered ? (
          <Box>
            <Text bold>{text('list.empty')}</Text>
            <Text>{text('list.emptyHelp')}</Text>
          </Box>
        ) : (
          <EventFilters channels={channels} filter={filter} onFilter={onFilter} />
        )}
        {error && (
          <div role="alert">
            <Verdict kind="danger">{text('list.failed', { reason: activityErrorText(text, error) })}</Verdict>
          </div>
        )}
        {isPending && (
          <div aria-busy="true" aria-label={text('list.loading')} role="status">
            <ProgressCircle size="xSmall" />
          </div>
        )}
        {count > 0 && <EventTable channels={channels} events={events} onOpen={setOpenId} />}
        {data && (isFiltered || count > 0) && (
          <Row>
            <span ref={shown} role="status" tabIndex={-1}>
              {text(hasNextPage ? 'list.shownOfMore' : 'list.shown', { count })}
            </span>
            {hasNextPage && (
              <ActionButton isBusy={isFetchingNextPage} label={text('list.more')} onClick={more} />
            )}
          </Row>
        )}
        {!(isEmpty && !isFiltered) && (
          <Stack>
            <ReplayMany api={api} count={count} filter={filter} hasMore={hasNextPage} />
            {count > 0 && <ExportButton api={api} filter={filter} />}
          </Stack>
        )}
      </Stack>
      {openId !== undefined && (
        <EventDialog api={api} channels={channels} id={openId} onClose={() => setOpenId(undefined)} />
      )}
    </Card>
  );
}
