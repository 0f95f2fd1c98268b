import { Text } from '@bigcommerce/big-design';
import { useState } from 'react';
import { Dialog } from '../dialogs/dialog.js';
import { TextField } from '../parts/text-field.js';
import { useActivityText } from './activity-messages.js';
import { pastTime } from './past-time.js';

/** Asks since when everything is sent once more. */
export function ReplaySinceDialog(props: {
  readonly onReplay: (since: string) => void;
  readonly onCancel: () => void;
}) {
  const { onReplay, onCancel } = props;
  const text = useActivityText();
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  return (
    <Dialog
      cancel={text('cancel')}
      confirm={text('replay.one')}
      header={text('replay.sinceHeader')}
      onCancel={onCancel}
      onConfirm={() => {
        const since = pastTime(typed, new Date());
        setIsWrong(since === null);
        if (since !== null) onReplay(since);
      }}
    >
      <Text>{text('replay.sinceHelp')}</Text>
      <TextField
        error={isWrong ? text('replay.sinceInvalid') : undefined}
        id="replay-since"
        label={text('replay.sinceLabel')}
        onChange={setTyped}
        type="datetime-local"
        value={typed}
      />
      <Text marginTop="medium">{text('replay.help')}</Text>
    </Dialog>
  );
}
