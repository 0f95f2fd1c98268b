import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';

const { colors, spacing, typography } = theme;

/**
 * A table. Where there is little room, each row is a block of its own, and each value has its name before it, which its cell has as
 * `data-name`; a cell with `data-none` is left out there.
 */
export const FoldingTable = styled.table`
  border-collapse: collapse;
  /* A word is not broken to make a column narrow. */
  overflow-wrap: normal;
  width: 100%;
  th { text-align: left; }
  thead th { color: ${colors.secondary60}; font-weight: ${typography.fontWeight.semiBold}; }
  th, td { padding: ${spacing.xSmall} ${spacing.small} ${spacing.xSmall} 0; vertical-align: top; }
  tbody tr { border-top: 1px solid ${colors.secondary20}; }
  td:last-child { padding-right: 0; }
  @media (max-width: 719px) {
    overflow-wrap: anywhere;
    thead { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
    &, thead, tbody, tr, th, td { display: block; }
    tbody tr { padding: ${spacing.small} 0; }
    th, td { padding: ${spacing.xxSmall} 0; }
    td[data-name]::before { color: ${colors.secondary60}; content: attr(data-name) ': '; }
    td[data-none='true'] { display: none; }
  }
`;
