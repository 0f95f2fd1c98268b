import { H2 } from '@bigcommerce/big-design';
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
 * Something that stands before the page until it is closed. The browser's own dialog keeps the focus within, gives it back, and is told
 * of as one; BigDesign's has no role.
 */
export function ModalBox(props: {
  readonly header: string;
  /** Its buttons. */
  readonly actions: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { header, actions, onClose, children } = props;
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
        onClose();
      }}
      ref={box}
    >
      <H2 id={id}>{header}</H2>
      {children}
      <Actions>{actions}</Actions>
    </Box>
  );
}
