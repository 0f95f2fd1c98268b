import type { Editing } from '../editing.js';
import { SecretField } from '../parts/secret-field.js';
import { useText } from '../use-text.js';

/** Extole's access token: to be typed, or its end where one is stored. */
export function AccessToken({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, issue, setSecrets } = editing;
  const { accessToken: typed } = draft.secrets;
  return (
    <SecretField
      error={issue('accessToken')}
      help={text('core.tokenHelp')}
      id="accessToken"
      isReplacing={typeof typed === 'string'}
      isRequired
      label={text('core.token')}
      onChange={(accessToken) => setSecrets({ accessToken })}
      onReplace={() => setSecrets({ accessToken: '' })}
      saved={draft.saved.accessToken}
      typed={typed}
    />
  );
}
