import { theme } from '@bigcommerce/big-design-theme';
import { createGlobalStyle } from 'styled-components';

/** What BigDesign leaves to the page. */
export const PageStyles = createGlobalStyle`
  *, *::before, *::after { box-sizing: border-box; }
  html {
    /* What has the focus is never under the bar at the bottom. */
    scroll-padding-bottom: 8rem;
  }
  body {
    background: ${theme.colors.secondary10};
    color: ${theme.colors.secondary70};
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  h1, h2, h3, label { hyphens: auto; }
  /* A button's text may be longer than a small screen is wide. */
  .bd-button.bd-button {
    height: auto;
    max-width: 100%;
    min-height: 2.25rem;
    white-space: normal;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      scroll-behavior: auto !important;
      transition-duration: 0.01ms !important;
    }
  }
`;
