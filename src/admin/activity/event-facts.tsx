import { Badge } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import type { ReactNode } from 'react';
import styled from 'styled-components';
import type { EventDetail } from '../../catalog/activity-api.js';
import type { ChannelView } from '../../catalog/admin-api.js';
import { channelName } from '../channel-name.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { STATE_VARIANTS } from './event-table.js';
import { activityFailureText } from './event-text.js';

const { breakpoints, colors, spacing } = theme;

const List = styled.dl`
  margin: 0;
  & > dt { color: ${colors.secondary60}; }
  & > dd { margin: 0 0 ${spacing.xSmall}; }
  ${breakpoints.tablet} {
    display: grid;
    gap: 0 ${spacing.medium};
    grid-template-columns: minmax(0, 10rem) minmax(0, 1fr);
  }
`;

/** What an event is, in what state, and when what became of it. */
export function EventFacts(props: {
  readonly event: EventDetail;
  readonly channels: readonly ChannelView[];
}) {
  const { event, channels } = props;
  const text = useActivityText();
  const { when } = useFormats();
  const time = (iso: string | null): string | null => iso && when(iso);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      text('detail.state'),
      <>
        <Badge label={text(`state.${event.state}`)} variant={STATE_VARIANTS[event.state]} />
        {event.failure && <div>{activityFailureText(text, event.failure)}</div>}
      </>,
    ],
    [text('list.channel'), channels.length > 1 ? channelName(channels, event.channelId) : null],
    [text('detail.name'), <code key="name">{event.name}</code>],
    [text('detail.happened'), time(event.occurredAt)],
    [text('detail.found'), time(event.createdAt)],
    [text('detail.delivered'), time(event.deliveredAt)],
    [text('detail.nextTry'), time(event.nextAttemptAt)],
    [text('detail.id'), <code key="id">{event.id}</code>],
    [text('detail.extoleId'), event.extoleEventId && <code key="extole">{event.extoleEventId}</code>],
  ];
  return (
    <List>
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </List>
  );
}
