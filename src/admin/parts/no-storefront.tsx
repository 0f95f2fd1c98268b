import { Panel, Text } from '@bigcommerce/big-design';
import { useText } from '../use-text.js';

/** What stands in place of settings where a store has no storefront that Extole could show on. */
export function NoStorefront() {
  const text = useText();
  return (
    <Panel header={text('none.header')}>
      <Text marginBottom="none">{text('none.help')}</Text>
    </Panel>
  );
}
