import { Button } from '@bigcommerce/big-design';
import { VisibilityIcon, VisibilityOffIcon } from '@bigcommerce/big-design-icons';
import { useState } from 'react';
import { useText } from '../use-text.js';
import { TextField } from './text-field.js';

/** A box for a secret, with an eye that reveals what is being typed. */
export function SecretBox(props: {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly required?: boolean;
  readonly onChange: (value: string) => void;
}) {
  const text = useText();
  const [isRevealed, setIsRevealed] = useState(false);
  const eye = (
    <Button
      aria-label={text(isRevealed ? 'secret.hide' : 'secret.reveal')}
      aria-pressed={isRevealed}
      iconOnly={isRevealed ? <VisibilityOffIcon /> : <VisibilityIcon />}
      mobileWidth="auto"
      onClick={() => setIsRevealed(!isRevealed)}
      type="button"
      variant="subtle"
    />
  );
  return (
    // A password manager would take it for the password of the control panel.
    <TextField {...props} autoComplete="off" iconRight={eye} type={isRevealed ? 'text' : 'password'} />
  );
}
