import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventFilter } from '../../catalog/activity-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Row, Stack } from '../parts/layout.js';
import { useActivityText } from './activity-messages.js';
import { refreshAll } from './live.js';
import { ReplayOutcome } from './replay-outcome.js';
import { ReplayShownDialog } from './replay-shown-dialog.js';
import { ReplaySinceDialog } from './replay-since-dialog.js';

/**
 * Replays what the filters show, or all since a time. It asks first. What came of it stays when the filters show nothing any more, as they do
 * once all that needed attention is on its way.
 */
export function ReplayMany(props: {
  readonly api: Api;
  readonly filter: EventFilter;
  /** How many events are shown, */
  readonly count: number;
  /** and whether the filters name more than those. */
  readonly hasMore: boolean;
}) {
  const { api, filter, count, hasMore } = props;
  const text = useActivityText();
  const client = useQueryClient();
  const [asking, setAsking] = useState<'shown' | 'since'>();
  const replay = useMutation({
    mutationFn: (wanted: EventFilter) => api.replay({ filter: wanted }),
    onSuccess: () => refreshAll(client),
  });
  const start = (wanted: EventFilter): void => {
    setAsking(undefined);
    replay.mutate(wanted);
  };
  const stop = (): void => setAsking(undefined);
  return (
    <Stack $gap="xSmall">
      <Row>
        {(count > 0 ? (['shown', 'since'] as const) : (['since'] as const)).map((what) => (
          <ActionButton
            isBusy={replay.isPending}
            key={what}
            label={text(`replay.${what}`)}
            onClick={() => setAsking(what)}
          />
        ))}
      </Row>
      <ReplayOutcome answer={replay.data} error={replay.error} />
      {asking === 'shown' && (
        <ReplayShownDialog count={count} hasMore={hasMore} onCancel={stop} onReplay={() => start(filter)} />
      )}
      {asking === 'since' && <ReplaySinceDialog onCancel={stop} onReplay={(since) => start({ since })} />}
    </Stack>
  );
}
