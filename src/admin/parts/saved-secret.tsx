import { Button, Text } from '@bigcommerce/big-design';
import type { SecretView } from '../../catalog/admin-api.js';
import { useText } from '../use-text.js';
import { FieldError } from './field-error.js';
import { Row, Stack } from './layout.js';

/** A secret that is stored: its end, and what can be done with it. */
export function SavedSecret(props: {
  /** Of the field, as its issues name it. */
  readonly id: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly secret: SecretView;
  /** Whether it is forgotten at the next save. */
  readonly isRemoved: boolean;
  readonly onReplace: () => void;
  readonly onRemove: () => void;
  readonly onKeep: () => void;
}) {
  const { id, label, error, secret, isRemoved, onReplace, onRemove, onKeep } = props;
  const text = useText();
  return (
    <Stack
      $gap="xSmall"
      aria-describedby={`${id}-error`}
      aria-label={label}
      id={id}
      role="group"
      tabIndex={-1}
    >
      <Text as="span" bold marginBottom="none">
        {label}
      </Text>
      <Row>
        <Text as="span" marginBottom="none">
          {text(isRemoved ? 'secret.removed' : 'secret.saved', { lastFour: secret.lastFour })}
        </Text>
        {isRemoved ? (
          <Button mobileWidth="auto" onClick={onKeep} type="button" variant="secondary">
            {text('secret.keep')}
          </Button>
        ) : (
          <>
            <Button mobileWidth="auto" onClick={onReplace} type="button" variant="secondary">
              {text('secret.replace')}
            </Button>
            <Button
              actionType="destructive"
              mobileWidth="auto"
              onClick={onRemove}
              type="button"
              variant="secondary"
            >
              {text('secret.remove')}
            </Button>
          </>
        )}
      </Row>
      <FieldError id={`${id}-error`} message={error} />
    </Stack>
  );
}
