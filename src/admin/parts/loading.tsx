import { ProgressCircle } from '@bigcommerce/big-design';
import styled from 'styled-components';
import { useText } from '../use-text.js';
import { Unseen } from './layout.js';

const Middle = styled.main`
  align-items: center;
  display: flex;
  justify-content: center;
  min-height: 60vh;
`;

/** What stands in the page until there is something to show. */
export function Loading({ label }: { readonly label?: string }) {
  const text = useText();
  return (
    <Middle aria-busy="true" aria-label={label ?? text('loading')}>
      <Unseen as="h1">{text('intro.title')}</Unseen>
      <ProgressCircle />
    </Middle>
  );
}
