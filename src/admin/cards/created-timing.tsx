import { Radio } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { Group, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** Whether a new order is told once it has a status that counts, or at once. */
export function CreatedTiming({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  const { orderEvents } = draft.edited.settings;
  const { timing } = orderEvents.created;
  const choose = (chosen: typeof timing): void =>
    set({ orderEvents: { ...orderEvents, created: { ...orderEvents.created, timing: chosen } } });
  return (
    <Group>
      <legend>{text('events.timing')}</legend>
      <Stack $gap="xSmall">
        <Radio
          checked={timing === 'status'}
          label={text('events.timing.status')}
          name="createdTiming"
          onChange={() => choose('status')}
        />
        <Radio
          checked={timing === 'creation'}
          description={text('events.timing.creationHelp')}
          label={text('events.timing.creation')}
          name="createdTiming"
          onChange={() => choose('creation')}
        />
      </Stack>
    </Group>
  );
}
