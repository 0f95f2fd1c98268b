import { Button, Panel, Text } from '@bigcommerce/big-design';
import { CheckCircleIcon, RadioButtonUncheckedIcon } from '@bigcommerce/big-design-icons';
import { theme } from '@bigcommerce/big-design-theme';
import { useState } from 'react';
import styled from 'styled-components';
import type { ChannelView, Note } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import type { MessageId } from '../languages.js';
import { Unseen } from '../parts/layout.js';
import { useText } from '../use-text.js';

const Steps = styled.ol`
  display: flex;
  flex-direction: column;
  gap: ${theme.spacing.small};
  list-style: none;
  margin: 0;
  padding: 0;
  & > li {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: ${theme.spacing.xSmall} ${theme.spacing.small};
    min-height: 2.25rem;
  }
  & svg { flex: none; }
  & span { flex: 1 1 12rem; }
  & .bd-button { margin: 0; }
`;

interface Step {
  readonly title: MessageId;
  readonly isDone: boolean;
  /** The field that it is about. */
  readonly fieldId?: string;
  readonly url?: string;
}

/** What to do next, until all of it was done once. */
export function FirstRun(props: {
  readonly api: Api;
  readonly channel: ChannelView;
  readonly notes: readonly Note[];
}) {
  const { api, channel, notes } = props;
  const text = useText();
  const { channelId, settings, accessToken, platform, url } = channel;
  const [hasLooked, setHasLooked] = useState(() =>
    notes.some((note) => note.name === 'seen' && note.channelId === channelId),
  );
  const hasTag = settings.orderConfirmation || Object.values(settings.zones).includes(true);
  const steps: readonly Step[] = [
    {
      title: 'first.domain',
      isDone: settings.programDomain !== '',
      fieldId: 'settings.programDomain',
    },
    { title: 'first.token', isDone: accessToken !== null, fieldId: 'accessToken' },
    ...(platform === 'catalyst'
      ? []
      : [{ title: 'first.tags', isDone: hasTag, fieldId: 'settings.zones.global_header' } as const]),
    ...(url === null ? [] : [{ title: 'first.look', isDone: hasLooked, url } as const]),
  ];
  const next = steps.find(({ isDone }) => !isDone);
  if (!next) return null;

  const look = (): void => {
    setHasLooked(true);
    // Should it not be kept, it is said once more at the next time.
    api.keepNote(channelId, 'seen', {}).catch(() => {});
  };

  return (
    <Panel header={text('first.header')}>
      <Text>{text('first.help')}</Text>
      <Steps>
        {steps.map((step) => (
          <li aria-current={step === next ? 'step' : undefined} key={`${step.title}`}>
            {step.isDone ? (
              <CheckCircleIcon aria-hidden="true" color="success" />
            ) : (
              <RadioButtonUncheckedIcon aria-hidden="true" color="secondary60" />
            )}
            <span>
              {step === next ? <strong>{text(step.title)}</strong> : text(step.title)}
              <Unseen> {text(step.isDone ? 'first.done' : 'first.toDo')}</Unseen>
            </span>
            {step === next && (
              <Button
                mobileWidth="auto"
                onClick={() => {
                  if (step.fieldId !== undefined) document.getElementById(step.fieldId)?.focus();
                  if (step.url === undefined) return;
                  open(step.url, '_blank', 'noopener,noreferrer');
                  look();
                }}
                type="button"
                variant="secondary"
              >
                {text(step.url === undefined ? 'first.go' : 'first.open')}
              </Button>
            )}
          </li>
        ))}
      </Steps>
    </Panel>
  );
}
