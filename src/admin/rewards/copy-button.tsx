import { Button } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { useState } from 'react';
import styled from 'styled-components';
import { copyText } from './copy-text.js';
import { useRewardsText } from './rewards-messages.js';

const { spacing } = theme;

const Line = styled.div<{ readonly $isFlush: boolean }>`
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  /* The button's text stands in line with what is above it. */
  margin-left: ${({ $isFlush }) => ($isFlush ? `-${spacing.medium}` : 0)};
  & > .bd-button { margin: 0; }
  & > span:not(:empty) { margin-left: ${spacing.small}; }
`;

/**
 * Copies a text, and says whether that went well.
 *
 * @param props.isOneOfMany - Whether it stands among others of its name. Then it is told of with its text, and is small.
 */
export function CopyButton(props: {
  readonly label: string;
  readonly value: string;
  readonly isOneOfMany?: boolean;
}) {
  const { label, value, isOneOfMany = false } = props;
  const text = useRewardsText();
  const [copied, setCopied] = useState<{ readonly value: string; readonly isThere: boolean }>();
  const outcome = copied?.value === value ? copied : undefined;
  return (
    <Line $isFlush={isOneOfMany}>
      <Button
        aria-label={isOneOfMany ? `${label}: ${value}` : undefined}
        mobileWidth="auto"
        onClick={async () => setCopied({ value, isThere: await copyText(value) })}
        type="button"
        variant={isOneOfMany ? 'subtle' : 'secondary'}
      >
        {label}
      </Button>
      <span aria-live="polite">{outcome && text(outcome.isThere ? 'copy.done' : 'copy.failed')}</span>
    </Line>
  );
}
