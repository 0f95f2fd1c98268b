import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import { addressOf, PAGES, type Page } from '../use-page.js';
import { useText } from '../use-text.js';

const { colors, spacing, typography } = theme;

const Bar = styled.nav`
  background: ${colors.white};
  border-bottom: 1px solid ${colors.secondary30};
  & > ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0 ${spacing.medium};
    list-style: none;
    margin: 0 auto;
    max-width: 56rem;
    padding: 0 ${spacing.medium};
  }
  & a {
    border-bottom: 3px solid transparent;
    color: ${colors.secondary60};
    display: block;
    font-weight: ${typography.fontWeight.semiBold};
    padding: ${spacing.small} ${spacing.xSmall};
    text-decoration: none;
  }
  & a:hover { color: ${colors.secondary70}; }
  & a[aria-current] { border-color: ${colors.primary40}; color: ${colors.primary50}; }
  & a:focus-visible { outline: 3px solid ${colors.primary30}; outline-offset: -3px; }
`;

/** The way from one page to another. Links, so that they work as links do, and "Back" goes back. */
export function PageLinks(props: {
  readonly page: Page;
  /** The pages with something that is not saved. */
  readonly unsaved: ReadonlySet<Page>;
}) {
  const text = useText();
  return (
    <Bar aria-label={text('page.choice')}>
      <ul>
        {PAGES.map((one) => (
          <li key={one}>
            <a aria-current={one === props.page ? 'page' : undefined} href={addressOf(one)}>
              {props.unsaved.has(one)
                ? text('page.unsaved', { page: text(`page.${one}`) })
                : text(`page.${one}`)}
            </a>
          </li>
        ))}
      </ul>
    </Bar>
  );
}
