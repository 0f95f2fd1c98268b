import type { ActivityAnswer } from '../../catalog/activity-api.js';
import { FoldingTable } from '../parts/folding-table.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';

/** What the charts show, in numbers. */
export function DayTable({ days }: { readonly days: ActivityAnswer['days'] }) {
  const text = useActivityText();
  const { age, count, utcDay } = useFormats();
  return (
    <FoldingTable>
      <thead>
        <tr>
          <th scope="col">{text('chart.day')}</th>
          <th scope="col">{text('state.delivered')}</th>
          <th scope="col">{text('state.waiting')}</th>
          <th scope="col">{text('state.dead')}</th>
          <th scope="col">{text('summary.oldest')}</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, delivered, waiting, dead, oldestWaitingSeconds }) => (
          <tr key={day}>
            <th scope="row">{utcDay(day)}</th>
            <td data-name={text('state.delivered')}>{count(delivered)}</td>
            <td data-name={text('state.waiting')} data-none={waiting === 0}>
              {count(waiting)}
            </td>
            <td data-name={text('state.dead')} data-none={dead === 0}>
              {count(dead)}
            </td>
            <td data-name={text('summary.oldest')} data-none={oldestWaitingSeconds === 0}>
              {oldestWaitingSeconds > 0 ? age(oldestWaitingSeconds) : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </FoldingTable>
  );
}
