import { Panel, Text } from '@bigcommerce/big-design';
import { ORDER_EVENTS } from '../../catalog/settings.js';
import type { Editing } from '../editing.js';
import { Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { useText } from '../use-text.js';
import { EventEndpoint } from './event-endpoint.js';
import { OrderEventFields } from './order-event-fields.js';

/** Which order events Extole is told of, what they are called, and when they happen. */
export function NotificationEvents({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set, issue } = editing;
  return (
    <Panel header={text('events.header')}>
      <Stack>
        <Text>{text('events.help')}</Text>
        {ORDER_EVENTS.map((event) => (
          <OrderEventFields editing={editing} event={event} key={event} />
        ))}
        <EventEndpoint editing={editing} />
        <TextField
          error={issue('settings.programLabel')}
          help={text('events.programLabelHelp')}
          id="settings.programLabel"
          label={text('events.programLabel')}
          onChange={(programLabel) => set({ programLabel })}
          value={draft.edited.settings.programLabel}
        />
      </Stack>
    </Panel>
  );
}
