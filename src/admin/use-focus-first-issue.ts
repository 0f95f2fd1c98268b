import { useEffect, useRef } from 'react';
import type { Issue } from './draft.js';

/**
 * Puts the focus into the first field of the page that something is wrong with, whenever a save finds something. While the user mends
 * one field after the other, the focus stays where it is.
 */
export function useFocusFirstIssue(issues: readonly Issue[]): void {
  const before = useRef<readonly Issue[]>([]);
  useEffect(() => {
    const isNews = issues.some((issue) => !before.current.includes(issue));
    before.current = issues;
    if (!isNews) return;
    const [first] = issues
      .flatMap(({ path }) => document.getElementById(path) ?? [])
      .sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1));
    first?.focus();
  }, [issues]);
}
