import { Checkbox } from '@bigcommerce/big-design';
import type { StateAnswer } from '../../catalog/admin-api.js';
import { ORDER_STATUSES } from '../../catalog/settings.js';
import { Columns, Group } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** Which of the store's order statuses mean something. */
export function OrderStatuses(props: {
  readonly id: string;
  readonly listed: StateAnswer['orderStatuses'];
  readonly statusIds: readonly number[];
  readonly onChange: (statusIds: number[]) => void;
}) {
  const { id: groupId, statusIds, onChange } = props;
  const text = useText();
  const labels = new Map(props.listed.map(({ id, label }) => [id, label]));
  // A status that BigCommerce does not list any more can still be taken out.
  for (const id of statusIds) if (!labels.has(id)) labels.set(id, ORDER_STATUSES[id] ?? `${id}`);

  return (
    <Group id={groupId} tabIndex={-1}>
      <legend>{text('events.statuses')}</legend>
      <Columns>
        {[...labels].map(([id, label]) => (
          <Checkbox
            checked={statusIds.includes(id)}
            key={id}
            label={label}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? [...statusIds, id].sort((one, other) => one - other)
                  : statusIds.filter((one) => one !== id),
              )
            }
          />
        ))}
      </Columns>
    </Group>
  );
}
