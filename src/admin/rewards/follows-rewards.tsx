import { Panel, Text } from '@bigcommerce/big-design';
import { ActionButton } from '../parts/action-button.js';
import { Row } from '../parts/layout.js';
import { useRewardsText } from './rewards-messages.js';

/** What stands in place of the settings of a storefront whose rewards are another's. */
export function FollowsRewards(props: {
  readonly leaderId: number;
  readonly name: string;
  readonly onChoose: (channelId: number) => void;
}) {
  const { leaderId, name, onChoose } = props;
  const text = useRewardsText();
  return (
    <Panel header={text('setup.header')}>
      <Text>{text('choice.follows', { name })}</Text>
      <Row>
        <ActionButton label={text('channel.goTo', { name })} onClick={() => onChoose(leaderId)} />
      </Row>
    </Panel>
  );
}
