import { Panel, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportView } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { Dialog } from '../dialogs/dialog.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { TextField } from '../parts/text-field.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';
import { ImportProgress } from './import-progress.js';
import { refreshAll } from './live.js';
import { pastTime } from './past-time.js';

/** Has Extole told of orders that were placed before the app was there. */
export function ImportOrders(props: {
  readonly api: Api;
  readonly ordersSince: string;
  readonly last: ImportView | null;
}) {
  const { api, ordersSince, last } = props;
  const text = useActivityText();
  const { day } = useFormats();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  /** What is asked about. */
  const [since, setSince] = useState<string | null>(null);
  const started = useMutation({ mutationFn: api.importOrders, onSuccess: () => refreshAll(client) });
  return (
    <Panel header={text('import.header')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const chosen = pastTime(typed, new Date());
          setIsWrong(chosen === null);
          setSince(chosen);
        }}
      >
        <Stack>
          <Text>{text('import.help', { when: day(ordersSince) })}</Text>
          <TextField
            error={isWrong ? text('import.invalid') : undefined}
            id="import-since"
            label={text('import.since')}
            onChange={setTyped}
            type="date"
            value={typed}
          />
          <Row>
            <ActionButton
              isBusy={started.isPending}
              isDisabled={last?.state === 'running'}
              label={text('import.start')}
            />
          </Row>
          <Stack $gap="xSmall" aria-live="polite">
            {started.error && (
              <Verdict kind="danger">
                {text('import.failed', { reason: activityErrorText(text, started.error) })}
              </Verdict>
            )}
            {last && <ImportProgress last={last} />}
          </Stack>
        </Stack>
      </form>
      {since !== null && (
        <Dialog
          cancel={text('cancel')}
          confirm={text('import.start')}
          header={text('import.ask')}
          onCancel={() => setSince(null)}
          onConfirm={() => {
            setSince(null);
            started.mutate(since);
          }}
        >
          <Text>{text('import.askHelp', { when: day(since) })}</Text>
        </Dialog>
      )}
    </Panel>
  );
}
