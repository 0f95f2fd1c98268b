import { Button, Panel, Text } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { Row, Stack } from '../parts/layout.js';
import { SavedSecret } from '../parts/saved-secret.js';
import { SecretBox } from '../parts/secret-box.js';
import { TextField } from '../parts/text-field.js';
import { useText } from '../use-text.js';

const EMPTY = { keyId: '', key: '' };

/** The key that tells Extole for sure who a signed-in shopper is. */
export function VerifiedShoppers({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, issue, setSecrets } = editing;
  const { verificationKey: saved } = draft.saved;
  const { verificationKey: typed } = draft.secrets;
  const isShown = saved !== null && !typed;
  const { keyId, key } = typed ?? EMPTY;
  return (
    <Panel header={text('verified.header')}>
      <Stack>
        <Text>{text('verified.help')}</Text>
        {isShown ? (
          <SavedSecret
            error={issue('verificationKey')}
            id="verificationKey"
            isRemoved={typed === null}
            label={text('verified.keyOf', { keyId: saved.keyId })}
            onKeep={() => setSecrets({ verificationKey: undefined })}
            onRemove={() => setSecrets({ verificationKey: null })}
            onReplace={() => setSecrets({ verificationKey: EMPTY })}
            secret={saved}
          />
        ) : (
          <>
            <TextField
              autoComplete="off"
              error={issue('verificationKey.keyId')}
              id="verificationKey.keyId"
              label={text('verified.keyId')}
              onChange={(value) => setSecrets({ verificationKey: { keyId: value, key } })}
              value={keyId}
            />
            <SecretBox
              error={issue('verificationKey.key')}
              help={text('verified.keyHelp')}
              id="verificationKey.key"
              label={text('verified.key')}
              onChange={(value) => setSecrets({ verificationKey: { keyId, key: value } })}
              value={key}
            />
            {saved && (
              <Row>
                <Button
                  mobileWidth="auto"
                  onClick={() => setSecrets({ verificationKey: undefined })}
                  type="button"
                  variant="subtle"
                >
                  {text('secret.keep')}
                </Button>
              </Row>
            )}
          </>
        )}
      </Stack>
    </Panel>
  );
}
