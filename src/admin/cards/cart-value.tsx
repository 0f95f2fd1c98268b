import { Select } from '@bigcommerce/big-design';
import { CART_VALUES } from '../../catalog/settings.js';
import type { Editing } from '../editing.js';
import { useText } from '../use-text.js';

/** Which value of an order goes as its cart value. */
export function CartValue({ editing }: { readonly editing: Editing }) {
  const text = useText();
  const { draft, set } = editing;
  const { cartValue } = draft.edited.settings;
  return (
    <Select
      description={text(`cartValue.${cartValue}.what`)}
      id="settings.cartValue"
      label={text('cartValue.label')}
      onOptionChange={(value) => value !== undefined && set({ cartValue: value })}
      options={CART_VALUES.map((value) => ({
        value,
        content: text(`cartValue.${value}`),
        description: text(`cartValue.${value}.what`),
      }))}
      required
      value={cartValue}
    />
  );
}
