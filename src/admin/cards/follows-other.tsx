import { Button, Text } from '@bigcommerce/big-design';
import type { ChannelView } from '../../catalog/admin-api.js';
import { Card } from '../parts/card.js';
import { Row } from '../parts/layout.js';
import { useText } from '../use-text.js';

/** What stands in place of the settings of a storefront that has those of another. */
export function FollowsOther(props: {
  readonly leader: ChannelView | undefined;
  readonly onChoose: (channelId: number) => void;
}) {
  const { leader, onChoose } = props;
  const text = useText();
  return (
    <Card>
      <Text>{text('channel.follows', { name: leader?.name ?? '' })}</Text>
      {leader && (
        <Row>
          <Button
            mobileWidth="auto"
            onClick={() => onChoose(leader.channelId)}
            type="button"
            variant="secondary"
          >
            {text('channel.goTo', { name: leader.name })}
          </Button>
        </Row>
      )}
    </Card>
  );
}
