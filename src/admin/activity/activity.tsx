import { H1, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ActivityAnswer, EventFilter } from '../../catalog/activity-api.js';
import type { StateAnswer } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { ActionButton } from '../parts/action-button.js';
import { Card } from '../parts/card.js';
import { Column, Row, Stack } from '../parts/layout.js';
import { useActivityText } from './activity-messages.js';
import { Charts } from './charts.js';
import { Events } from './events.js';
import { ImportOrders } from './import-orders.js';
import { refreshAll, useLiveActivity } from './live.js';
import { Privacy } from './privacy.js';
import { Summary } from './summary.js';
import { TestEvent } from './test-event.js';

const EVENTS_ID = 'events';

const hasSomething = (days: ActivityAnswer['days']): boolean =>
  days.some(
    ({ delivered, waiting, dead, oldestWaitingSeconds }) =>
      delivered + waiting + dead + oldestWaitingSeconds > 0,
  );

/** What became of the store's orders for Extole, and what can be done about it. */
export function Activity({ api, state }: { readonly api: Api; readonly state: StateAnswer }) {
  const text = useActivityText();
  const client = useQueryClient();
  const [filter, setFilter] = useState<EventFilter>({});
  const live = useLiveActivity(api);
  const refresh = useMutation({ mutationFn: () => refreshAll(client) });
  const { data: activity } = live;

  const showRefused = (): void => {
    setFilter({ state: 'dead' });
    document.getElementById(EVENTS_ID)?.focus();
  };
  return (
    <Column>
      <Card>
        <Stack $gap="xSmall">
          <H1 marginBottom="none">{text('activity.title')}</H1>
          <Text marginBottom="none">{text('activity.sentence')}</Text>
          <Row>
            <ActionButton
              isBusy={refresh.isPending}
              label={text('activity.refresh')}
              onClick={() => refresh.mutate()}
            />
          </Row>
        </Stack>
      </Card>
      <Summary activity={activity} channels={state.channels} error={live.error} onShowRefused={showRefused} />
      {activity && hasSomething(activity.days) && <Charts days={activity.days} />}
      <Events api={api} channels={state.channels} filter={filter} id={EVENTS_ID} onFilter={setFilter} />
      {state.channels.length > 0 && <TestEvent api={api} channels={state.channels} />}
      {activity && <ImportOrders api={api} last={activity.import} ordersSince={activity.sweep.ordersSince} />}
      <Privacy api={api} payloadDays={activity?.payloadDays} />
    </Column>
  );
}
