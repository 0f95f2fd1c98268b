import { MoreHorizIcon } from '@bigcommerce/big-design-icons';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { ORDER_DATA_PATHS } from '../../catalog/order-data.js';
import { CellInput } from '../parts/cell-input.js';
import { FieldError } from '../parts/field-error.js';
import { RemoveCell } from '../parts/remove-cell.js';
import { SearchButton } from '../parts/search-button.js';
import { useText } from '../use-text.js';

interface Row {
  readonly key: string;
  readonly value: string;
}

const Beside = styled.div`
  display: flex;
  gap: ${theme.spacing.xSmall};
  & > :first-child { flex: 1; min-width: 0; }
  & .bd-button { margin: 0; }
`;

/** One key with its value. The value may be text, or what the "…" offers, or both. */
export function CustomEventDataRow(props: {
  readonly row: Row;
  readonly number: number;
  readonly path: string;
  readonly keyError: string | undefined;
  readonly valueError: string | undefined;
  readonly onChange: (row: { key: string; value: string }) => void;
  readonly onRemove: () => void;
}) {
  const { row, number, path, keyError, valueError, onChange, onRemove } = props;
  const text = useText();
  return (
    <tr>
      <td>
        <CellInput
          error={keyError}
          id={`${path}.key`}
          label={text('custom.keyOf', { number })}
          maxLength={100}
          onChange={(key) => onChange({ ...row, key })}
          placeholder={text('custom.key')}
          value={row.key}
        />
        <FieldError id={`${path}.key-error`} message={keyError} />
      </td>
      <td>
        <Beside>
          <CellInput
            error={valueError}
            id={`${path}.value`}
            label={text('custom.valueOf', { number })}
            maxLength={1_000}
            onChange={(value) => onChange({ ...row, value })}
            placeholder={text('custom.value')}
            value={row.value}
          />
          <SearchButton
            icon={<MoreHorizIcon />}
            items={ORDER_DATA_PATHS.map(({ path: place }) => ({
              content: text(`orderData.${place}`),
              description: `{{${place}}}`,
              onChoose: () => onChange({ ...row, value: `${row.value}{{${place}}}` }),
            }))}
            label={text('custom.dynamic', { number })}
            noneText={text('custom.none')}
            searchLabel={text('custom.search')}
          />
        </Beside>
        <FieldError id={`${path}.value-error`} message={valueError} />
      </td>
      <RemoveCell label={text('custom.remove', { number })} onRemove={onRemove} />
    </tr>
  );
}
