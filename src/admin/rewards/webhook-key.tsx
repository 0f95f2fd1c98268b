import { Button } from '@bigcommerce/big-design';
import { useState } from 'react';
import { Row, Stack } from '../parts/layout.js';
import { SavedSecret } from '../parts/saved-secret.js';
import { SecretBox } from '../parts/secret-box.js';
import { issueAt } from './issue-text.js';
import { KEY_ID } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';
import type { RewardEditing } from './use-reward-editing.js';

/** The client key by which Extole's webhooks are told from forged ones: to be typed, or its end where one is stored. */
export function WebhookKey({ editing }: { readonly editing: RewardEditing }) {
  const text = useRewardsText();
  const { view, draft, issues, setKey } = editing;
  const { webhookKey: saved } = view;
  const { webhookKey: typed } = draft;
  // A box that was opened and is empty changes nothing yet.
  const [isReplacing, setIsReplacing] = useState(false);
  const error = issueAt(text, issues, KEY_ID);

  if (saved && !isReplacing && typeof typed !== 'string') {
    return (
      <SavedSecret
        error={error}
        id={KEY_ID}
        isRemoved={typed === null}
        label={text('intake.key')}
        onKeep={() => setKey(undefined)}
        onRemove={() => setKey(null)}
        onReplace={() => setIsReplacing(true)}
        secret={saved}
      />
    );
  }
  return (
    <Stack $gap="xSmall">
      <SecretBox
        error={error}
        help={text('intake.keyHelp')}
        id={KEY_ID}
        label={text('intake.key')}
        onChange={setKey}
        value={typed ?? ''}
      />
      {saved && (
        <Row>
          <Button
            mobileWidth="auto"
            onClick={() => {
              setIsReplacing(false);
              setKey(undefined);
            }}
            type="button"
            variant="subtle"
          >
            {text('secret.keep')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}
