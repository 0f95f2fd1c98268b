import { Panel, Select, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText, activityFailureText } from './event-text.js';
import { refreshAll, useLiveEvent } from './live.js';

/** Sends an event that tells of nothing, and follows it until it is delivered or it is known why not. */
export function TestEvent({
  api,
  channels,
}: {
  readonly api: Api;
  readonly channels: readonly ChannelView[];
}) {
  const text = useActivityText();
  const client = useQueryClient();
  const [channelId, setChannelId] = useState(channels[0]?.channelId ?? 0);
  const sent = useMutation({
    mutationFn: () => api.addTestEvent(channelId),
    onSuccess: () => refreshAll(client),
  });
  const followed = useLiveEvent(api, sent.data?.id);
  const state = followed.data?.state;
  // The list and the figures have it as it is by now.
  useEffect(() => {
    if (state !== undefined && state !== 'waiting') void refreshAll(client);
  }, [state, client]);
  const failure = followed.data?.failure ?? null;
  const reason = failure ? activityFailureText(text, failure) : '';
  const trouble =
    (sent.error && text('test.failed', { reason: activityErrorText(text, sent.error) })) ??
    (followed.error && text('detail.failed', { reason: activityErrorText(text, followed.error) }));
  return (
    <Panel header={text('test.header')}>
      <Stack>
        <Text>{text('test.help')}</Text>
        {channels.length > 1 && (
          <Select
            filterable={false}
            label={text('list.channel')}
            onOptionChange={(value) => value !== undefined && setChannelId(value)}
            options={channels.map((channel) => ({ value: channel.channelId, content: channel.name }))}
            required
            value={channelId}
          />
        )}
        <Row>
          <ActionButton isBusy={sent.isPending} label={text('test.send')} onClick={() => sent.mutate()} />
        </Row>
        <div aria-live="polite" data-testid="test-event">
          {trouble && <Verdict kind="danger">{trouble}</Verdict>}
          {sent.data && !trouble && (
            <>
              {(state ?? 'waiting') === 'waiting' && !failure && text('test.onTheWay')}
              {state === 'waiting' && failure && (
                <Verdict kind="warning">{text('test.retrying', { reason })}</Verdict>
              )}
              {state === 'delivered' && <Verdict kind="success">{text('test.delivered')}</Verdict>}
              {(state === 'dead' || state === 'erased') && (
                <Verdict kind="danger">{text('test.refused', { reason })}</Verdict>
              )}
            </>
          )}
        </div>
      </Stack>
    </Panel>
  );
}
