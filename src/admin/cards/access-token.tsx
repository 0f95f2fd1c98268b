import { Button } from '@bigcommerce/big-design';
import type { Editing } from '../editing.js';
import { Row, Stack } from '../parts/layout.js';
import { SavedSecret } from '../parts/saved-secret.js';
import { SecretBox } from '../parts/secret-box.js';
import { useText } from '../use-text.js';

/** Extole's access token: to be typed, or its end where one is stored. */
export function AccessToken({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, issue, setSecrets } = editing;
  const { accessToken: saved } = draft.saved;
  const { accessToken: typed } = draft.secrets;
  const isTyping = typed !== undefined && typed !== null;

  if (saved && !isTyping) {
    return (
      <SavedSecret
        error={issue('accessToken')}
        id="accessToken"
        isRemoved={typed === null}
        label={text('core.token')}
        onKeep={() => setSecrets({ accessToken: undefined })}
        onRemove={() => setSecrets({ accessToken: null })}
        onReplace={() => setSecrets({ accessToken: '' })}
        secret={saved}
      />
    );
  }
  return (
    <Stack $gap="xSmall">
      <SecretBox
        error={issue('accessToken')}
        help={text('core.tokenHelp')}
        id="accessToken"
        label={text('core.token')}
        onChange={(value) => setSecrets({ accessToken: value })}
        required
        value={typed ?? ''}
      />
      {saved && (
        <Row>
          <Button
            mobileWidth="auto"
            onClick={() => setSecrets({ accessToken: undefined })}
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
