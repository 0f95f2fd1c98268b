import { Button } from '@bigcommerce/big-design';
import { CloseIcon } from '@bigcommerce/big-design-icons';

/** The cell of a table that takes its row out. */
export function RemoveCell({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <td>
      <Button
        aria-label={label}
        iconOnly={<CloseIcon />}
        mobileWidth="auto"
        onClick={onRemove}
        type="button"
        variant="subtle"
      />
    </td>
  );
}
