import { Button, H2 } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import styled from 'styled-components';

const { colors, spacing, borderRadius } = theme;

const Box = styled.dialog`
  border: 0;
  border-radius: ${borderRadius.normal};
  color: ${colors.secondary70};
  max-height: calc(100dvh - 2rem);
  max-width: min(44rem, calc(100vw - 2rem));
  overflow: auto;
  padding: ${spacing.xLarge} ${spacing.medium};
  width: 100%;
  &::backdrop { background: rgb(49 52 64 / 50%); }
  ${theme.breakpoints.tablet} { padding: ${spacing.xLarge}; }
`;

const Actions = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${spacing.xSmall};
  justify-content: flex-end;
  margin-top: ${spacing.xLarge};
  & > .bd-button { margin: 0; }
`;

/**
 * Asks something before anything else goes on. The browser's own dialog keeps the focus within, gives it back, and is told of as one;
 * BigDesign's has no role.
 */
export function Dialog(props: {
  readonly header: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}) {
  const { header, confirm, cancel, onConfirm, onCancel, children } = props;
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <Box
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      ref={box}
    >
      <H2 id={id}>{header}</H2>
      {children}
      <Actions>
        <Button mobileWidth="auto" onClick={onCancel} type="button" variant="subtle">
          {cancel}
        </Button>
        <Button mobileWidth="auto" onClick={onConfirm} type="button">
          {confirm}
        </Button>
      </Actions>
    </Box>
  );
}
