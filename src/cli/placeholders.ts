import { PAGE_CONTEXT_PATHS } from '../catalog/page-context.js';

// As the SDK finds them in event data.
const PLACEHOLDER = /\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}|<<([^<>]*)>>/g;

/** What stands between the braces of each placeholder of a text, in its order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, ...groups]) =>
    (groups.find((group) => group !== undefined) ?? '').trim(),
  );
}

const OFFERED = PAGE_CONTEXT_PATHS.map(({ path }) => ({ path, segments: segmentsOf(path) }));

/** Whether the catalog has a path, or what it is a part of; any item of a list and any parameter of the address will do. */
export function isOffered(written: string): boolean {
  const path = segmentsOf(written);
  if (path.length === 0) return false;
  return OFFERED.some((offered) =>
    path.every((segment, index) => {
      const expected = offered.segments[index];
      if (expected === undefined || expected === '0') return /^\d+$/.test(segment);
      return segment === expected || (index === 2 && offered.path.startsWith('url.query.'));
    }),
  );
}

/** `items.[0].name`, `items[0].name` and `items/0/name` are one path. */
function segmentsOf(path: string): string[] {
  return path
    .split(/[./]|(?=\[)/)
    .filter(Boolean)
    .map((segment) => segment.replace(/^\[(.*)\]$/, '$1'));
}
