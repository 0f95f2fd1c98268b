import { Radio, Select, Text } from '@bigcommerce/big-design';
import { WEBHOOK_PROOFS } from '../../catalog/rewards.js';
import { Group, Stack } from '../parts/layout.js';
import { useFormats } from '../use-formats.js';
import { FIELD_IDS } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';
import { WebhookAddress } from './webhook-address.js';
import { WebhookKey } from './webhook-key.js';

/** How the app hears of rewards, what a webhook of Extole's needs for it, and when something last came. */
export function Intake({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { view, draft, set } = editing;
  const { intake, webhookProof } = draft.typed;
  return (
    <Group>
      <legend>{text('intake.header')}</legend>
      <Stack>
        <Stack $gap="xSmall">
          {(['webhook', 'polling'] as const).map((one) => (
            <Radio
              checked={intake === one}
              description={text(`intake.${one}Help`)}
              key={one}
              label={text(`intake.${one}`)}
              name={FIELD_IDS.intake}
              onChange={() => set({ intake: one })}
            />
          ))}
        </Stack>
        {intake === 'webhook' && (
          <>
            <WebhookAddress url={view.webhookUrl} />
            <WebhookKey editing={editing} key={view.webhookKey?.savedAt} />
            <Select
              description={text('intake.proofHelp')}
              filterable={false}
              id={FIELD_IDS.webhookProof}
              label={text('intake.proof')}
              onOptionChange={(value) => value !== undefined && set({ webhookProof: value })}
              options={WEBHOOK_PROOFS.map((value) => ({ value, content: text(`proof.${value}`) }))}
              required
              value={webhookProof}
            />
          </>
        )}
        <Heard editing={editing} />
      </Stack>
    </Group>
  );
}

function Heard({ editing }: { readonly editing: RewardEditing }) {
  const { webhookAt, polledAt } = editing.view;
  const text = useRewardsText();
  const { when } = useFormats();
  return (
    <Text color="secondary60" marginBottom="none">
      {editing.draft.typed.intake === 'webhook' &&
        `${webhookAt === null ? text('intake.noWebhook') : text('intake.lastWebhook', { when: when(webhookAt) })} `}
      {polledAt === null ? text('intake.noPoll') : text('intake.lastPoll', { when: when(polledAt) })}
    </Text>
  );
}
