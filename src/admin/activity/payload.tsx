import { H3, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import styled from 'styled-components';
import type { EventDetail } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';

const Json = styled.pre`
  background: ${theme.colors.secondary10};
  margin: 0;
  overflow-wrap: anywhere;
  padding: ${theme.spacing.small};
  white-space: pre-wrap;
`;

/** What is sent, as it is sent, but for personal data, which is shown when it is asked for. */
export function Payload({ api, event }: { readonly api: Api; readonly event: EventDetail }) {
  const text = useActivityText();
  // Forgotten with the dialog. Each time is recorded.
  const revealed = useMutation({ mutationFn: () => api.event(event.id, true), gcTime: 0 });
  const { payload } = revealed.data ?? event;
  // The button goes once it has done its work. The focus stays with what it shows.
  const shown = useRef<HTMLDivElement>(null);
  const reveal = (): void => {
    shown.current?.focus();
    revealed.mutate();
  };
  return (
    <Stack $gap="xSmall" aria-label={text('detail.payload')} ref={shown} role="group" tabIndex={-1}>
      <H3>{text('detail.payload')}</H3>
      {payload === null ? (
        <Text>{text(event.state === 'erased' ? 'detail.erased' : 'detail.forgotten')}</Text>
      ) : (
        <Json>{JSON.stringify(payload, null, 2)}</Json>
      )}
      <Stack $gap="xSmall" aria-live="polite">
        {revealed.data && <Text>{text('detail.revealed')}</Text>}
        {event.isMasked && !revealed.data && <Text>{text('detail.masked')}</Text>}
        {revealed.error && (
          <Verdict kind="danger">
            {text('detail.failed', { reason: activityErrorText(text, revealed.error) })}
          </Verdict>
        )}
      </Stack>
      {event.isMasked && !revealed.data && (
        <Row>
          <ActionButton isBusy={revealed.isPending} label={text('detail.reveal')} onClick={reveal} />
        </Row>
      )}
    </Stack>
  );
}
