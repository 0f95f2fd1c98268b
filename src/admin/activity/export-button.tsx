import { useMutation } from '@tanstack/react-query';
import type { EventFilter } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';

/** Has the browser save the events that the filters name. A link would carry no session. */
export function ExportButton({ api, filter }: { readonly api: Api; readonly filter: EventFilter }) {
  const text = useActivityText();
  const file = useMutation({
    mutationFn: () => api.eventsFile(filter),
    onSuccess: (content) => save(content, `extole-events-${new Date().toISOString().slice(0, 10)}.csv`),
  });
  return (
    <Stack $gap="xSmall">
      <Row>
        <ActionButton isBusy={file.isPending} label={text('list.export')} onClick={() => file.mutate()} />
      </Row>
      <div aria-live="polite">
        {file.error && (
          <Verdict kind="danger">
            {text('list.exportFailed', { reason: activityErrorText(text, file.error) })}
          </Verdict>
        )}
      </div>
    </Stack>
  );
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
