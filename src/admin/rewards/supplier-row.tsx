import { Select } from '@bigcommerce/big-design';
import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import { CellInput } from '../parts/cell-input.js';
import { FieldError } from '../parts/field-error.js';
import { RemoveCell } from '../parts/remove-cell.js';
import type { TypedSupplier } from './reward-draft.js';
import { promotionName } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

/** A reward supplier of Extole's, and the promotion that it leads to. */
export function SupplierRow(props: {
  readonly row: TypedSupplier;
  readonly number: number;
  readonly path: string;
  readonly promotions: PromotionsAnswer | undefined;
  readonly supplierError: string | undefined;
  readonly promotionError: string | undefined;
  readonly onChange: (row: TypedSupplier) => void;
  readonly onRemove: () => void;
}) {
  const { row, number, path, promotions, supplierError, promotionError, onChange, onRemove } = props;
  const text = useRewardsText();
  const ids = new Set(
    promotions?.promotions.flatMap(({ promotionId, couponType }) =>
      couponType === null ? [] : [promotionId],
    ),
  );
  // What is chosen stays, also where the store has it no more.
  if (row.promotionId !== null) ids.add(row.promotionId);
  return (
    <tr>
      <td>
        <CellInput
          error={supplierError}
          id={`${path}.supplierId`}
          label={text('route.supplierOf', { number })}
          maxLength={100}
          onChange={(supplierId) => onChange({ ...row, supplierId })}
          placeholder={text('route.supplier')}
          value={row.supplierId}
        />
        <FieldError id={`${path}.supplierId-error`} message={supplierError} />
      </td>
      <td>
        <Select
          aria-describedby={promotionError === undefined ? undefined : `${path}.promotionId-error`}
          aria-invalid={promotionError !== undefined}
          aria-label={text('route.promotionOf', { number })}
          error={promotionError}
          id={`${path}.promotionId`}
          onOptionChange={(value) => value !== undefined && onChange({ ...row, promotionId: value })}
          options={[...ids].map((id) => ({ value: id, content: promotionName(text, promotions, id) }))}
          placeholder={text('route.choose')}
          value={row.promotionId ?? undefined}
        />
        <FieldError id={`${path}.promotionId-error`} message={promotionError} />
      </td>
      <RemoveCell label={text('route.remove', { number })} onRemove={onRemove} />
    </tr>
  );
}
