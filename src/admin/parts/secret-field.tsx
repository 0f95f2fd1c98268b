import { Button } from '@bigcommerce/big-design';
import type { SecretView } from '../../catalog/admin-api.js';
import { useText } from '../use-text.js';
import { Row, Stack } from './layout.js';
import { SavedSecret } from './saved-secret.js';
import { SecretBox } from './secret-box.js';

/** A secret: to be typed, or its end where one is stored. */
export function SecretField(props: {
  /** Of the field, as its issues name it. */
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly error: string | undefined;
  readonly isRequired: boolean;
  readonly saved: SecretView | null;
  /** `undefined`: what is stored stays; `null`: it is to be forgotten. */
  readonly typed: string | null | undefined;
  /** Whether the box is open, though one is stored. */
  readonly isReplacing: boolean;
  readonly onReplace: () => void;
  readonly onChange: (typed: string | null | undefined) => void;
}) {
  const { id, label, help, error, isRequired, saved, typed, isReplacing, onReplace, onChange } = props;
  const text = useText();
  const keep = () => onChange(undefined);
  if (saved && !isReplacing) {
    return (
      <SavedSecret
        error={error}
        id={id}
        isRemoved={typed === null}
        label={label}
        onKeep={keep}
        onRemove={() => onChange(null)}
        onReplace={onReplace}
        secret={saved}
      />
    );
  }
  return (
    <Stack $gap="xSmall">
      <SecretBox
        error={error}
        help={help}
        id={id}
        label={label}
        onChange={onChange}
        required={isRequired}
        value={typed ?? ''}
      />
      {saved && (
        <Row>
          <Button mobileWidth="auto" onClick={keep} type="button" variant="subtle">
            {text('secret.keep')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}
