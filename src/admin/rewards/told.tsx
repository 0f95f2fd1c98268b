import { Radio } from '@bigcommerce/big-design';
import { Group, Stack } from '../parts/layout.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** What Extole is told once there is a code. */
export function Told({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { draft, set } = editing;
  return (
    <Group>
      <legend>{text('told.header')}</legend>
      <Stack $gap="xSmall">
        {(['fulfilled', 'fulfilled_and_sent'] as const).map((told) => (
          <Radio
            checked={draft.typed.told === told}
            description={text(`told.${told}Help`)}
            key={told}
            label={text(`told.${told}`)}
            name={FIELD_IDS.told}
            onChange={() => set({ told })}
          />
        ))}
      </Stack>
    </Group>
  );
}
