import { H3, Panel, Text } from '@bigcommerce/big-design';
import { useState } from 'react';
import type { ActivityAnswer } from '../../catalog/activity-api.js';
import { Disclosure } from '../parts/disclosure.js';
import { Stack } from '../parts/layout.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { BarChart, SERIES_COLORS } from './bar-chart.js';
import { DayTable } from './day-table.js';

type Days = ActivityAnswer['days'];

/** From below upwards in each bar. */
const STATES = ['delivered', 'waiting', 'dead'] as const;

const sum = (days: Days, state: (typeof STATES)[number]): number =>
  days.reduce((total, day) => total + day[state], 0);

/** The last days: what became of the events that were found on each, and for how long the oldest waited. */
export function Charts({ days }: { readonly days: Days }) {
  const text = useActivityText();
  const { age, count, utcDay } = useFormats();
  const [isTable, setIsTable] = useState(false);
  const oldest = Math.max(0, ...days.map(({ oldestWaitingSeconds }) => oldestWaitingSeconds));
  return (
    <Panel header={text('chart.header', { days: days.length })}>
      <Stack $gap="xLarge">
        <Stack $gap="xSmall">
          <H3>{text('chart.events')}</H3>
          <BarChart
            bars={days.map((day) => ({ label: utcDay(day.day), values: STATES.map((state) => day[state]) }))}
            format={count}
            says={text('chart.eventsSay', {
              delivered: sum(days, 'delivered'),
              waiting: sum(days, 'waiting'),
              dead: sum(days, 'dead'),
            })}
            series={STATES.map((state) => ({ color: SERIES_COLORS[state], name: text(`state.${state}`) }))}
          />
        </Stack>
        <Stack $gap="xSmall">
          <H3>{text('chart.age')}</H3>
          <BarChart
            bars={days.map((day) => ({ label: utcDay(day.day), values: [day.oldestWaitingSeconds] }))}
            format={age}
            says={text('chart.ageSays', { age: age(oldest) })}
            series={[{ color: SERIES_COLORS.age, name: text('chart.age') }]}
          />
        </Stack>
        <Disclosure isOpen={isTable} onToggle={setIsTable} title={text('chart.table')}>
          <DayTable days={days} />
        </Disclosure>
        <Text color="secondary60" marginBottom="none">
          {text('chart.utc')}
        </Text>
      </Stack>
    </Panel>
  );
}
