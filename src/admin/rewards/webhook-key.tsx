import { useState } from 'react';
import { SecretField } from '../parts/secret-field.js';
import { issueAt } from './issue-text.js';
import { KEY_ID } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** The client key by which Extole's webhooks are told from forged ones: to be typed, or its end where one is stored. */
export function WebhookKey({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { view, draft, issues, setKey } = editing;
  const { webhookKey: typed } = draft;
  // A box that was opened and is empty changes nothing yet.
  const [isOpen, setIsOpen] = useState(false);
  return (
    <SecretField
      error={issueAt(text, issues, KEY_ID)}
      help={text('intake.keyHelp')}
      id={KEY_ID}
      isReplacing={isOpen || typeof typed === 'string'}
      isRequired={false}
      label={text('intake.key')}
      onChange={(webhookKey) => {
        if (webhookKey === undefined) setIsOpen(false);
        setKey(webhookKey);
      }}
      onReplace={() => setIsOpen(true)}
      saved={view.webhookKey}
      typed={typed}
    />
  );
}
