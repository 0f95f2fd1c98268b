import { Input } from '@bigcommerce/big-design';

/** A box to type into in a cell of a table, whose column and row name it. What is wrong with it stands below, in a `FieldError` of its own. */
export function CellInput(props: {
  /** The path of the field. That of what is wrong with it is the same with `-error` behind it. */
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly maxLength: number;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { label, onChange, ...input } = props;
  const { id, error } = props;
  return (
    <Input
      {...input}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
      aria-invalid={error !== undefined}
      aria-label={label}
      onChange={({ target }) => onChange(target.value)}
      spellCheck={false}
    />
  );
}
