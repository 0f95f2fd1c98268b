import { theme } from '@bigcommerce/big-design-theme';
import { useState } from 'react';
import styled from 'styled-components';
import { Disclosure } from '../parts/disclosure.js';
import { useRewardsText } from './rewards-messages.js';

const Steps = styled.ol`
  display: flex;
  flex-direction: column;
  gap: ${theme.spacing.xSmall};
  margin: 0;
  padding-left: ${theme.spacing.large};
`;

/**
 * How a merchant makes a promotion that rewards can come from.
 *
 * @param props.isNeeded - Whether there is none yet. Then it is shown without asking.
 */
export function MakePromotion({ isNeeded }: { readonly isNeeded: boolean }) {
  const text = useRewardsText();
  const [isOpen, setIsOpen] = useState<boolean>();
  return (
    <Disclosure isOpen={isOpen ?? isNeeded} onToggle={setIsOpen} title={text('make.title')}>
      <Steps>
        <li>{text('make.create')}</li>
        <li>{text('make.separate')}</li>
        <li>{text('make.limits')}</li>
        <li>{text('make.copy')}</li>
      </Steps>
    </Disclosure>
  );
}
