import { Message } from '@bigcommerce/big-design';
import { useIntl } from 'react-intl';
import type { Api } from '../api.js';
import { type Draft, hasChanges } from '../draft.js';
import { useStatus } from '../use-status.js';
import { useText } from '../use-text.js';

/** What a user has to know before anything else, at the top of the page. */
export function Notices(props: { readonly api: Api; readonly draft: Draft; readonly onDiscard: () => void }) {
  const { api, draft, onDiscard } = props;
  const text = useText();
  const { formatDate } = useIntl();
  const { data: status } = useStatus(api);
  const { restoredFrom } = draft;
  return (
    <>
      {status?.connection === 'reauthorize' && (
        <Message marginBottom="medium" messages={[{ text: text('status.reauthorize') }]} type="error" />
      )}
      {restoredFrom !== null && hasChanges(draft) && (
        <Message
          actions={[{ text: text('restored.discard'), onClick: onDiscard, type: 'button' }]}
          marginBottom="medium"
          messages={[
            {
              text: text('restored.help', {
                when: formatDate(restoredFrom, { dateStyle: 'medium', timeStyle: 'short' }),
              }),
            },
          ]}
          type="info"
        />
      )}
    </>
  );
}
