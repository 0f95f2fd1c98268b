import { useSyncExternalStore } from 'react';

/** The pages of the app. */
export const PAGES = ['settings', 'rewards', 'activity'] as const;
export type Page = (typeof PAGES)[number];

/** Where a page is: a link to it, and what "Back" goes through. */
export const addressOf = (page: Page): string => `#${page}`;

const onMove = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

const current = (): Page => PAGES.find((page) => location.hash === addressOf(page)) ?? 'settings';

/** The page that the address names; the settings when it names none. */
export const usePage = (): Page => useSyncExternalStore(onMove, current);
