import { Radio } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { Group, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** To which of Extole's two addresses events go. */
export function EventEndpoint({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  return (
    <Group>
      <legend>{text('events.endpoint')}</legend>
      <Stack $gap="xSmall">
        {(['async', 'sync'] as const).map((endpoint) => (
          <Radio
            checked={draft.edited.settings.eventEndpoint === endpoint}
            description={text(`events.endpoint.${endpoint}Help`)}
            key={endpoint}
            label={text(`events.endpoint.${endpoint}`)}
            name="eventEndpoint"
            onChange={() => set({ eventEndpoint: endpoint })}
          />
        ))}
      </Stack>
    </Group>
  );
}
