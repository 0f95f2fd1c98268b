import { FormControlError } from '@bigcommerce/big-design';

/** What is wrong with the field above it. */
export function FieldError({ id, message }: { readonly id: string; readonly message: string | undefined }) {
  return message === undefined ? null : (
    <FormControlError id={id} marginLeft="none" marginTop="xxSmall">
      {message}
    </FormControlError>
  );
}
