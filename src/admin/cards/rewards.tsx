import { Link, Panel, Text } from '@bigcommerce/big-design';
import { addressOf } from '../use-page.js';
import { useText } from '../use-text.js';

/** What participants earn, and the way to the page where it is set up. */
export function Rewards() {
  const text = useText();
  return (
    <Panel header={text('rewards.header')}>
      <Text>{text('rewards.help')}</Text>
      <Link href={addressOf('rewards')}>{text('rewards.open')}</Link>
    </Panel>
  );
}
