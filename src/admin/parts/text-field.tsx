import { FormControlDescription, FormControlLabel, Input } from '@bigcommerce/big-design';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { FieldError } from './field-error.js';

/**
 * A box to type into, with its label, help and what is wrong with it, each told to those who do not see it.
 *
 * @param props.id - The path of the field, so that a failed save finds it.
 * @param props.error - What is wrong; `undefined` when nothing is.
 */
export function TextField({
  id,
  label,
  help,
  error,
  iconRight,
  required,
  ...input
}: Pick<
  ComponentPropsWithoutRef<'input'>,
  'type' | 'value' | 'autoComplete' | 'placeholder' | 'maxLength'
> & {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly error: string | undefined;
  readonly iconRight?: ReactNode;
  readonly required?: boolean;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
}) {
  const helpId = `${id}-help`;
  const errorId = `${id}-error`;
  const describedBy = [help && helpId, error && errorId].filter(Boolean).join(' ');
  return (
    <div>
      <Input
        {...input}
        aria-describedby={describedBy || undefined}
        aria-invalid={error !== undefined}
        aria-required={required}
        autoCapitalize="off"
        autoCorrect="off"
        description={help ? <FormControlDescription id={helpId}>{help}</FormControlDescription> : undefined}
        error={error}
        iconRight={iconRight}
        id={id}
        label={<FormControlLabel required={required === true}>{label}</FormControlLabel>}
        onChange={({ target }) => input.onChange(target.value)}
        spellCheck={false}
      />
      <FieldError id={errorId} message={error} />
    </div>
  );
}
