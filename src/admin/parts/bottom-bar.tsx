import { Button } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { type ReactNode, useRef } from 'react';
import styled from 'styled-components';
import { useText } from '../use-text.js';
import { Row, Stack } from './layout.js';

const { colors, spacing } = theme;

const Bar = styled.div`
  background: ${colors.white};
  border-top: 1px solid ${colors.secondary30};
  bottom: 0;
  box-shadow: 0 -2px 8px rgb(0 0 0 / 8%);
  position: sticky;
  z-index: 10;
  &:focus { outline: none; }
  & > div {
    margin: 0 auto;
    max-width: 56rem;
    padding: ${spacing.small} ${spacing.medium};
  }
  /* There for screen readers before something is said in it. */
  &[data-empty='true'] { border: 0; box-shadow: none; }
  &[data-empty='true'] > div { padding: 0; }
`;

const Spread = styled(Row)`
  justify-content: space-between;
`;

/** At the bottom of a page, always in sight: what is not saved, with what saves it, below what else is said of it. */
export function BottomBar(props: {
  /** Whether there is something to save. */
  readonly isChanged: boolean;
  readonly isSaving: boolean;
  /** Whether the session is over, and nothing can be saved any more. */
  readonly isOver: boolean;
  /** Whether it has something else to say. */
  readonly hasNews: boolean;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
  /** What else it says. */
  readonly children: ReactNode;
}) {
  const { isChanged, isSaving, isOver, hasNews, onDiscard, onSave, children } = props;
  const text = useText();
  // The buttons go once they have done their work. The focus stays here.
  const bar = useRef<HTMLDivElement>(null);
  const hasButtons = isChanged || isSaving;
  return (
    <Bar data-empty={!hasButtons && !hasNews} ref={bar} tabIndex={-1}>
      <Stack $gap="xSmall" aria-live="polite" role="status">
        {children}
        {hasButtons && (
          <Spread>
            <span>{text(isSaving ? 'save.running' : 'save.unsaved')}</span>
            <Row>
              <Button
                mobileWidth="auto"
                onClick={() => {
                  bar.current?.focus();
                  onDiscard();
                }}
                type="button"
                variant="subtle"
              >
                {text('save.discard')}
              </Button>
              <Button
                disabled={isOver}
                mobileWidth="auto"
                onClick={() => {
                  bar.current?.focus();
                  onSave();
                }}
                type="button"
              >
                {text('save.changes')}
              </Button>
            </Row>
          </Spread>
        )}
      </Stack>
    </Bar>
  );
}
