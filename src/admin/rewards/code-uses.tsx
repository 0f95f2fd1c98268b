import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { Group, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { issueAt } from './issue-text.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

const Beside = styled.div`
  display: grid;
  gap: ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
`;

/** How often codes can be used, and how many are kept ready. */
export function CodeUses({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { draft, issues, set } = editing;
  const { typed } = draft;
  return (
    <Group>
      <legend>{text('uses.header')}</legend>
      <Stack>
        <Beside>
          <TextField
            autoComplete="off"
            error={issueAt(text, issues, FIELD_IDS.maxUses)}
            help={text('uses.help')}
            id={FIELD_IDS.maxUses}
            label={text('uses.max')}
            onChange={(maxUses) => set({ maxUses })}
            value={typed.maxUses}
          />
          <TextField
            autoComplete="off"
            error={issueAt(text, issues, FIELD_IDS.maxUsesPerCustomer)}
            help={text('uses.help')}
            id={FIELD_IDS.maxUsesPerCustomer}
            label={text('uses.perCustomer')}
            onChange={(maxUsesPerCustomer) => set({ maxUsesPerCustomer })}
            value={typed.maxUsesPerCustomer}
          />
        </Beside>
        <TextField
          autoComplete="off"
          error={issueAt(text, issues, FIELD_IDS.minReady)}
          help={text('ready.help')}
          id={FIELD_IDS.minReady}
          label={text('ready.min')}
          onChange={(minReady) => set({ minReady })}
          value={typed.minReady}
        />
      </Stack>
    </Group>
  );
}
