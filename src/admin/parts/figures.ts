import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';

const { colors, spacing, typography } = theme;

/** Numbers that stand for how things are, each over its name: a `div` with a `dt` and a `dd` each. */
export const Figures = styled.dl`
  display: grid;
  gap: ${spacing.small};
  grid-template-columns: repeat(auto-fit, minmax(min(8rem, 100%), 1fr));
  margin: 0;
  & > div {
    background: ${colors.secondary10};
    display: flex;
    flex-direction: column-reverse;
    padding: ${spacing.small} ${spacing.medium};
  }
  & dt { color: ${colors.secondary60}; }
  & dd {
    font-size: ${typography.fontSize.xLarge};
    font-weight: ${typography.fontWeight.semiBold};
    margin: 0;
  }
`;
