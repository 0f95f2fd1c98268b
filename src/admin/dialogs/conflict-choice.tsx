import { Radio } from '@bigcommerce/big-design';
import { Group, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** A field that two users changed: whose counts. */
export function ConflictChoice(props: {
  readonly path: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
  readonly isMine: boolean;
  readonly onChange: (isMine: boolean) => void;
}) {
  const { path, label, mine, theirs, isMine, onChange } = props;
  const text = useText();
  return (
    <Group>
      <legend>{label}</legend>
      <Stack $gap="xSmall">
        <Radio
          checked={isMine}
          label={text('conflict.mine', { value: mine })}
          name={`conflict-${path}`}
          onChange={() => onChange(true)}
        />
        <Radio
          checked={!isMine}
          label={text('conflict.theirs', { value: theirs })}
          name={`conflict-${path}`}
          onChange={() => onChange(false)}
        />
      </Stack>
    </Group>
  );
}
