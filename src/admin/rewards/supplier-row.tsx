import { Button, Input, Select } from '@bigcommerce/big-design';
import { CloseIcon } from '@bigcommerce/big-design-icons';
import type { PromotionsAnswer } from '../../catalog/rewards-api.js';
import { FieldError } from '../parts/field-error.js';
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
        <Input
          aria-describedby={supplierError === undefined ? undefined : `${path}.supplierId-error`}
          aria-invalid={supplierError !== undefined}
          aria-label={text('route.supplierOf', { number })}
          error={supplierError}
          id={`${path}.supplierId`}
          maxLength={100}
          onChange={({ target }) => onChange({ ...row, supplierId: target.value })}
          placeholder={text('route.supplier')}
          spellCheck={false}
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
      <td>
        <Button
          aria-label={text('route.remove', { number })}
          iconOnly={<CloseIcon />}
          mobileWidth="auto"
          onClick={onRemove}
          type="button"
          variant="subtle"
        />
      </td>
    </tr>
  );
}
