import { H1, Link, Text } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { Card } from '../parts/card.js';
import { Stack } from '../parts/layout.js';
import { Logo } from '../parts/logo.js';
import { useText } from '../use-text.js';

const Beside = styled.div`
  align-items: flex-start;
  display: flex;
  gap: ${theme.spacing.medium};
  & > svg { flex: none; }
`;

/** What Extole is for, and where to read more. */
export function Introduction() {
  const text = useText();
  return (
    <Card>
      <Beside>
        <Logo />
        <Stack $gap="xSmall">
          <H1 marginBottom="none">{text('intro.title')}</H1>
          <Text bold marginBottom="none">
            {text('intro.claim')}
          </Text>
          <Text marginBottom="none">{text('intro.sentence')}</Text>
          <div>
            <Link external href="https://docs.extole.com/" rel="noreferrer" target="_blank">
              {text('intro.documentation')}
            </Link>
          </div>
        </Stack>
      </Beside>
    </Card>
  );
}
