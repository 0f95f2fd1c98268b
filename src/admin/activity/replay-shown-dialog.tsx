import { Text } from '@bigcommerce/big-design';
import { Dialog } from '../dialogs/dialog.js';
import { useActivityText } from './activity-messages.js';

/** Asks before what the filters show is sent once more, and says how many that is. */
export function ReplayShownDialog(props: {
  readonly count: number;
  readonly hasMore: boolean;
  readonly onReplay: () => void;
  readonly onCancel: () => void;
}) {
  const { count, hasMore, onReplay, onCancel } = props;
  const text = useActivityText();
  return (
    <Dialog
      cancel={text('cancel')}
      confirm={text('replay.one')}
      header={text('replay.header')}
      onCancel={onCancel}
      onConfirm={onReplay}
    >
      <Text>{text(hasMore ? 'replay.moreThan' : 'replay.count', { count })}</Text>
      <Text>{text('replay.help')}</Text>
    </Dialog>
  );
}
