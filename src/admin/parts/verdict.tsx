import { CheckCircleIcon, ErrorIcon, WarningIcon } from '@bigcommerce/big-design-icons';
import { theme } from '@bigcommerce/big-design-theme';
import type { ReactNode } from 'react';
import styled from 'styled-components';

const ICONS = { success: CheckCircleIcon, warning: WarningIcon, danger: ErrorIcon };

const Line = styled.div`
  align-items: flex-start;
  display: flex;
  gap: ${theme.spacing.xSmall};
  & > svg { flex: none; }
  /* Told from the words around it without its colour. */
  & a { text-decoration: underline; }
`;

/** A sentence with a sign of how good it is. The sign says nothing that the sentence does not. */
export function Verdict(props: { readonly kind: keyof typeof ICONS; readonly children: ReactNode }) {
  const Icon = ICONS[props.kind];
  return (
    <Line>
      <Icon aria-hidden="true" color={props.kind === 'success' ? 'success' : props.kind} />
      <div>{props.children}</div>
    </Line>
  );
}
