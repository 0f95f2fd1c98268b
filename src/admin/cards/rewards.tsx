import { Panel, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { useText } from '../use-text.js';

const Steps = styled.ol`
  display: flex;
  flex-direction: column;
  gap: ${theme.spacing.xSmall};
  margin: 0;
  padding-left: ${theme.spacing.large};
`;

/** How a merchant makes what participants earn. */
export function Rewards() {
  const text = useText();
  return (
    <Panel header={text('rewards.header')}>
      <Text>{text('rewards.help')}</Text>
      <Steps>
        <li>{text('rewards.promotion')}</li>
        <li>{text('rewards.separate')}</li>
        <li>{text('rewards.limits')}</li>
        <li>{text('rewards.copy')}</li>
      </Steps>
    </Panel>
  );
}
