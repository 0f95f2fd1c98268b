import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';

/** The page's one column. */
export const Column = styled.main`
  margin: 0 auto;
  max-width: 56rem;
  padding: ${theme.spacing.medium} 0;
  ${theme.breakpoints.tablet} {
    padding: ${theme.spacing.xLarge} ${theme.spacing.medium};
  }
`;

/** Things below each other. */
export const Stack = styled.div<{ readonly $gap?: 'xSmall' | 'medium' | 'xLarge' }>`
  display: flex;
  flex-direction: column;
  gap: ${({ $gap = 'medium' }) => theme.spacing[$gap]};
  & > p, & > h3, & > h4, & > ul, & > ol { margin: 0; }
`;

/** Things beside each other, as far as there is room. */
export const Row = styled.div`
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: ${theme.spacing.xSmall} ${theme.spacing.medium};
  & > .bd-button { margin: 0; }
`;

/** Check boxes in as many columns as there is room for. */
export const Columns = styled.div`
  display: grid;
  gap: ${theme.spacing.xSmall} ${theme.spacing.medium};
  grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr));
`;

/** A group of fields under one name, as BigDesign's looks. */
export const Group = styled.fieldset`
  border: 0;
  margin: 0;
  min-width: 0;
  padding: 0;
  & > legend {
    color: ${theme.colors.secondary70};
    font-size: ${theme.typography.fontSize.medium};
    font-weight: ${theme.typography.fontWeight.semiBold};
    margin-bottom: ${theme.spacing.xSmall};
    padding: 0;
  }
`;

/** Read out, and not seen. */
export const Unseen = styled.span`
  clip-path: inset(50%);
  height: 1px;
  overflow: hidden;
  position: absolute;
  white-space: nowrap;
  width: 1px;
`;

/** A list without marks. */
export const PlainList = styled.ul`
  display: flex;
  flex-direction: column;
  gap: ${theme.spacing.small};
  list-style: none;
  margin: 0;
  padding: 0;
`;
