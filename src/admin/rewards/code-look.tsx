import { Checkbox, Radio, Select, Text } from '@bigcommerce/big-design';
import { CODE_PATTERNS, SHORTEST_CODE } from '../../catalog/rewards.js';
import { Group, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { bulkCodeExample, codeExample } from './code-example.js';
import { issueAt } from './issue-text.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

const LONGEST_PREFIX = 12;
const LENGTHS = [8, 9, 10, 11, 12, 13, 14, 15, 16] as const;

/** What codes look like, with an example that follows what is chosen. */
export function CodeLook({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { draft, issues, set } = editing;
  const { typed } = draft;
  return (
    <Group>
      <legend>{text('code.header')}</legend>
      <Stack>
        <TextField
          autoComplete="off"
          error={issueAt(text, issues, FIELD_IDS.prefix)}
          help={text('code.prefixHelp')}
          id={FIELD_IDS.prefix}
          label={text('code.prefix')}
          maxLength={LONGEST_PREFIX}
          onChange={(prefix) => set({ prefix: prefix.toUpperCase() })}
          value={typed.prefix}
        />
        <Group>
          <legend>{text('code.pattern')}</legend>
          <Stack $gap="xSmall">
            {CODE_PATTERNS.map((pattern) => (
              <Radio
                checked={typed.pattern === pattern}
                key={pattern}
                label={text(`code.${pattern}`)}
                name={FIELD_IDS.pattern}
                onChange={() => set({ pattern, length: Math.max(typed.length, SHORTEST_CODE[pattern]) })}
              />
            ))}
          </Stack>
        </Group>
        <Select
          filterable={false}
          id={FIELD_IDS.length}
          label={text('code.length')}
          onOptionChange={(length) => length !== undefined && set({ length })}
          options={LENGTHS.filter((value) => value >= SHORTEST_CODE[typed.pattern]).map((value) => ({
            value,
            content: `${value}`,
          }))}
          required
          value={typed.length}
        />
        <Checkbox
          checked={typed.excludesLookAlikes}
          id={FIELD_IDS.excludesLookAlikes}
          label={text('code.lookAlikes')}
          onChange={({ target }) => set({ excludesLookAlikes: target.checked })}
        />
        <Text marginBottom="none">
          {text('code.example')} <code data-testid="code-example">{codeExample(typed)}</code>
          <br />
          {text('code.bulkExample')} <code data-testid="bulk-code-example">{bulkCodeExample(typed)}</code>
        </Text>
      </Stack>
    </Group>
  );
}
