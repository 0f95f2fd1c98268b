import { Text } from '@bigcommerce/big-design';
import type { ChannelView, StatusAnswer } from '../../catalog/admin-api.js';
import { DifferenceList } from '../cards/difference-list.js';
import { useText } from '../use-text.js';
import { Dialog } from './dialog.js';

/** Asks before the store is changed. Somebody may have deleted it on purpose. */
export default function RepairDialog(props: {
  readonly channels: readonly ChannelView[];
  readonly status: StatusAnswer;
  readonly onCancel: () => void;
  readonly onRepair: () => void;
}) {
  const { channels, status, onCancel, onRepair } = props;
  const text = useText();
  return (
    <Dialog
      cancel={text('cancel')}
      confirm={text('status.repair')}
      header={text('repair.header')}
      onCancel={onCancel}
      onConfirm={onRepair}
    >
      <Text>{text('repair.help')}</Text>
      <DifferenceList channels={channels} status={status} />
    </Dialog>
  );
}
