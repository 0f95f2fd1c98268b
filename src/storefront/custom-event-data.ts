import { fill, lookUp } from '../catalog/placeholders.js';
import type { StorefrontErrorCode } from './errors.js';
import type { Data, PageContext } from './types.js';

/** Custom event data as it was read: an object whose strings may hold placeholders, or what is wrong with the text. */
export type ReadEventData =
  | { readonly value: Data; readonly problem?: never }
  | { readonly value?: never; readonly problem: string };

/** Custom event data as it is sent. */
export interface FilledEventData {
  readonly data?: Data;
  /** What is wrong with it; empty where no more is known than that. Nothing of it is sent then. */
  readonly problem?: string | undefined;
  /** The placeholders that have no value on this page. */
  readonly unresolved?: readonly string[];
}

/** Says in the console, where somebody wants to know, what went wrong. */
export type Explain = (code: StorefrontErrorCode, value: string) => void;

/** What came of the texts that are not plain JSON. */
const repaired = new Map<string, ReadEventData>();

/**
 * Reads the text of an `event-data` attribute.
 *
 * @returns What it says. A promise when the text is not plain JSON: it settles, never with an error, when the forgiving
 *   reader has come from its own file; then ask again.
 */
export function read(text: string): ReadEventData | Promise<unknown> {
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
  } catch {
    // The forgiving reader says what is wrong, and often mends it.
  }
  return (
    repaired.get(text) ??
    import('./event-data-repair.js').then(
      ({ repair }) => repaired.set(text, repair(text)),
      () => repaired.set(text, { problem: '' }),
    )
  );
}

/**
 * Fills in custom event data. What has no value on this page is left out.
 *
 * @param unresolved - Gets what had no value.
 * @throws {RangeError} when it is nested too deeply to be followed.
 */
export function fillIn(value: Data, context: PageContext, unresolved: string[] = []): unknown {
  return fill(value, (path, written) => {
    const found = lookUp(context, path) ?? undefined;
    if (found === undefined) unresolved.push(written);
    return found;
  });
}

/** Where nobody gave a `url`, the page's address is read when it is needed. */
const withUrl = (context: PageContext): PageContext => ({
  get url(): Data {
    const { href, pathname, search } = location;
    return { href, path: pathname, query: Object.fromEntries(new URLSearchParams(search)) };
  },
  ...context,
});

/**
 * Makes the custom event data of a zone.
 *
 * @param eventData - What stands in the attribute, or what a script gave.
 * @returns A promise where something has to be loaded first: it settles, never with an error; then ask again.
 */
export function customEventData(
  eventData: string | Data,
  context: PageContext,
  explain: Explain,
): FilledEventData | Promise<unknown> {
  const found = typeof eventData === 'string' ? read(eventData) : { value: eventData };
  if (found instanceof Promise) return found;
  const unresolved: string[] = [];
  let data: Data = {};
  let { problem } = found;
  try {
    // A copy, so that nobody reaches into the page's own objects.
    if (found.value) data = JSON.parse(JSON.stringify(fillIn(found.value, withUrl(context), unresolved)));
  } catch {
    problem = '';
  }
  for (const path of unresolved) explain('PLACEHOLDER_UNRESOLVED', path);
  return { data, problem, unresolved };
}
