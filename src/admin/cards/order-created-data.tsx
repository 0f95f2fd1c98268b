import { Checkbox, Panel, Text } from '@bigcommerce/big-design';
import { ORDER_CREATED_FIELDS } from '../../catalog/settings.js';
import type { Editing } from '../editing.js';
import { Columns, Group, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';
import { CartValue } from './cart-value.js';
import { CustomEventData } from './custom-event-data.js';

/** What Extole is told of an order. */
export function OrderCreatedData({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  const { orderCreatedFields } = draft.edited.settings;
  return (
    <Panel header={text('data.header')}>
      <Stack>
        <Text>{text('data.help')}</Text>
        <Group aria-label={text('data.header')} id="settings.orderCreatedFields" tabIndex={-1}>
          <Columns>
            {ORDER_CREATED_FIELDS.map((field) => {
              const isFixed = field === 'partner_conversion_id';
              return (
                <Checkbox
                  checked={isFixed || orderCreatedFields.includes(field)}
                  {...(isFixed && { description: text('data.always') })}
                  disabled={isFixed}
                  key={field}
                  label={text(`field.${field}`)}
                  onChange={({ target }) =>
                    set({
                      orderCreatedFields: ORDER_CREATED_FIELDS.filter((one) =>
                        one === field ? target.checked : orderCreatedFields.includes(one),
                      ),
                    })
                  }
                />
              );
            })}
          </Columns>
        </Group>
        {orderCreatedFields.includes('cart_value') && <CartValue editing={editing} />}
        <CustomEventData editing={editing} />
      </Stack>
    </Panel>
  );
}
