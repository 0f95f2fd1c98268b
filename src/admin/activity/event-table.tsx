import { Badge } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import type { EventState, EventView } from '../../catalog/activity-api.js';
import type { ChannelView } from '../../catalog/admin-api.js';
import { channelName } from '../channel-name.js';
import { FoldingTable } from '../parts/folding-table.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { activityFailureText, eventTitle } from './event-text.js';

const { colors, typography } = theme;

/** How an event's state looks. */
export const STATE_VARIANTS = {
  waiting: 'primary',
  delivered: 'success',
  dead: 'danger',
  erased: 'secondary',
} as const satisfies Readonly<Record<EventState, string>>;

const Table = styled(FoldingTable)`
  small { color: ${colors.secondary60}; display: block; font-size: ${typography.fontSize.small}; }
  td:first-child { white-space: nowrap; }
`;

const Opener = styled.button`
  background: none;
  border: 0;
  color: ${colors.primary50};
  cursor: pointer;
  font: inherit;
  padding: 0;
  text-align: left;
  text-decoration: underline;
  &:focus-visible { outline: 3px solid ${colors.primary30}; outline-offset: 2px; }
`;

/** The events, a row each. */
export function EventTable(props: {
  readonly events: readonly EventView[];
  readonly channels: readonly ChannelView[];
  readonly onOpen: (id: string) => void;
}) {
  const { events, channels, onOpen } = props;
  const text = useActivityText();
  const { when, count } = useFormats();
  const hasStorefronts = channels.length > 1;
  return (
    <Table>
      <thead>
        <tr>
          <th scope="col">{text('list.state')}</th>
          <th scope="col">{text('list.kind')}</th>
          {hasStorefronts && <th scope="col">{text('list.channel')}</th>}
          <th scope="col">{text('list.happened')}</th>
          <th scope="col">{text('list.attempts')}</th>
          <th scope="col">{text('list.nextTry')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <td>
              <Badge label={text(`state.${event.state}`)} variant={STATE_VARIANTS[event.state]} />
            </td>
            <td>
              <Opener onClick={() => onOpen(event.id)} type="button">
                {eventTitle(text, event)}
              </Opener>
              {event.failure && <small>{activityFailureText(text, event.failure)}</small>}
            </td>
            {hasStorefronts && (
              <td data-name={text('list.channel')}>{channelName(channels, event.channelId)}</td>
            )}
            <td data-name={text('list.happened')}>{when(event.occurredAt)}</td>
            <td data-name={text('list.attempts')}>{count(event.attemptCount)}</td>
            <td data-name={text('list.nextTry')} data-none={event.nextAttemptAt === null}>
              {event.nextAttemptAt === null ? '–' : when(event.nextAttemptAt)}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
