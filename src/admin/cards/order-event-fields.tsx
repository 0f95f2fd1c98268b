import { Checkbox } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useState } from 'react';
import styled from 'styled-components';
import { ORDER_STATUSES, type OrderEvent, type Settings } from '../../catalog/settings.js';
import { isWithin } from '../draft.js';
import type { Editing } from '../editing.js';
import { Disclosure } from '../parts/disclosure.js';
import { Columns, Group, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { useText } from '../use-text.js';

const Event = styled.div`
  border-left: 3px solid ${theme.colors.secondary20};
  padding-left: ${theme.spacing.medium};
`;

/** Whether Extole is told of one kind of order event; behind a button, its name and the order statuses that mean it. */
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

  const listed = new Map(state.orderStatuses.map(({ id, label }) => [id, label]));
  // A status that BigCommerce does not list any more can still be taken out.
  for (const id of statusIds) if (!listed.has(id)) listed.set(id, ORDER_STATUSES[id] ?? `${id}`);

  return (
    <Event>
      <Stack $gap="xSmall">
        <Checkbox
          checked={isEnabled}
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
            <Group id={`${path}.statusIds`} tabIndex={-1}>
              <legend>{text('events.statuses')}</legend>
              <Columns>
                {[...listed].map(([id, label]) => (
                  <Checkbox
                    checked={statusIds.includes(id)}
                    key={id}
                    label={label}
                    onChange={({ target }) =>
                      change({
                        statusIds: target.checked
                          ? [...statusIds, id].sort((one, other) => one - other)
                          : statusIds.filter((one) => one !== id),
                      })
                    }
                  />
                ))}
              </Columns>
            </Group>
          </Stack>
        </Disclosure>
      </Stack>
    </Event>
  );
}
