import { Checkbox } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useState } from 'react';
import styled from 'styled-components';
import type { OrderEvent, Settings } from '../../catalog/settings.js';
import { isWithin } from '../draft.js';
import type { Editing } from '../editing.js';
import { Disclosure } from '../parts/disclosure.js';
import { Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { useText } from '../use-text.js';
import { CreatedTiming } from './created-timing.js';
import { OrderStatuses } from './order-statuses.js';

const Event = styled.div`
  border-left: 3px solid ${theme.colors.secondary20};
  padding-left: ${theme.spacing.medium};
`;

/** Whether Extole is told of one kind of order event; behind a button, its name and when it is told. */
export function OrderEventFields({
  editing,
  event,
}: {
  readonly editing: Editing;
  readonly event: OrderEvent;
}) {
  const text = useText();
  const { draft, state, issue, set } = editing;
  const { orderEvents } = draft.edited.settings;
  const { isEnabled, name, statusIds } = orderEvents[event];
  const path = `settings.orderEvents.${event}`;
  const isWrong = draft.issues.some((one) => isWithin(one.path, path));
  const [isOpen, setIsOpen] = useState(false);
  const change = (changed: Partial<Settings['orderEvents'][OrderEvent]>): void =>
    set({ orderEvents: { ...orderEvents, [event]: { ...orderEvents[event], ...changed } } });
  const isRefund = event === 'partially_refunded' || event === 'refunded';
  const isByStatus = event !== 'created' || orderEvents.created.timing === 'status';

  return (
    <Event>
      <Stack $gap="xSmall">
        <Checkbox
          checked={isEnabled}
          {...(isRefund && { description: text('events.refundHelp') })}
          id={`${path}.isEnabled`}
          label={text(`event.${event}`)}
          onChange={({ target }) => change({ isEnabled: target.checked })}
        />
        <Disclosure isOpen={isOpen || isWrong} onToggle={setIsOpen} title={text(`event.${event}.more`)}>
          <Stack>
            <TextField
              error={issue(`${path}.name`)}
              help={text('events.nameHelp')}
              id={`${path}.name`}
              label={text('events.name')}
              onChange={(typed) => change({ name: typed })}
              value={name}
            />
            {event === 'created' && <CreatedTiming editing={editing} />}
            {isByStatus && (
              <OrderStatuses
                id={`${path}.statusIds`}
                listed={state.orderStatuses}
                onChange={(ids) => change({ statusIds: ids })}
                statusIds={statusIds}
              />
            )}
          </Stack>
        </Disclosure>
      </Stack>
    </Event>
  );
}
