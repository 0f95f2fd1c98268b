import { Button, ProgressCircle } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { ModalBox } from '../dialogs/modal-box.js';
import { ActionButton } from '../parts/action-button.js';
import { Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { Attempts } from './attempts.js';
import { EventFacts } from './event-facts.js';
import { activityErrorText, eventTitle } from './event-text.js';
import { refreshAll, useLiveEvent } from './live.js';
import { Payload } from './payload.js';
import { ReplayOutcome } from './replay-outcome.js';

/** All that is known of one event. */
export function EventDialog(props: {
  readonly api: Api;
  readonly channels: readonly ChannelView[];
  readonly id: string;
  readonly onClose: () => void;
}) {
  const { api, channels, id, onClose } = props;
  const text = useActivityText();
  const client = useQueryClient();
  const { data: event, error } = useLiveEvent(api, id);
  const replay = useMutation({
    mutationFn: () => api.replay({ ids: [id] }),
    onSuccess: () => refreshAll(client),
  });
  return (
    <ModalBox
      actions={
        <>
          {event?.hasPayload && (
            <ActionButton
              isBusy={replay.isPending}
              label={text('replay.one')}
              onClick={() => replay.mutate()}
            />
          )}
          <Button mobileWidth="auto" onClick={onClose} type="button">
            {text('close')}
          </Button>
        </>
      }
      header={event ? eventTitle(text, event) : text('list.kind')}
      onClose={onClose}
    >
      <Stack $gap="xLarge">
        {error && (
          <div role="alert">
            <Verdict kind="danger">
              {text('detail.failed', { reason: activityErrorText(text, error) })}
            </Verdict>
          </div>
        )}
        {!event && !error && (
          <div aria-busy="true" aria-label={text('detail.loading')} role="status">
            <ProgressCircle size="xSmall" />
          </div>
        )}
        {event && (
          <>
            <EventFacts channels={channels} event={event} />
            <Payload api={api} event={event} />
            <Attempts attempts={event.attempts} />
          </>
        )}
        <ReplayOutcome answer={replay.data} error={replay.error} />
      </Stack>
    </ModalBox>
  );
}
