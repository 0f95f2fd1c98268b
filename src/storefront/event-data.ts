import type { DefaultField } from '../catalog/event-data-fields.js';
import { fill, lookUp } from './placeholders.js';
import { explain } from './report.js';
import type { Data, PageContext } from './types.js';

/** Custom event data as it was read: an object whose strings may hold placeholders, or what is wrong with the text. */
export type CustomEventData =
  | { readonly value: Data; readonly problem?: never }
  | { readonly value?: never; readonly problem: string };

/** What came of the texts that are not plain JSON. */
const repaired = new Map<string, CustomEventData>();

/**
 * Reads the text of an `event-data` attribute.
 *
 * @returns What it says. A promise when the text is not plain JSON: it settles, never with an error, when the forgiving
 *   reader has come from its own file; then ask again.
 */
export function read(text: string): CustomEventData | Promise<unknown> {
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
 * The default event data, by what is known of the shopper. An unknown value is left out, never sent empty.
 *
 * @param fields - A space-separated list that narrows it; `null` for all five.
 */
export function defaultEventData({ customer, locale }: PageContext, fields: string | null): Data {
  const values: Data & Record<DefaultField, unknown> = {
    // Nothing is inherited, since any word may stand in `fields`.
    __proto__: null,
    first_name: customer?.first_name,
    last_name: customer?.last_name,
    email: customer?.email,
    partner_user_id: customer?.id && `${customer.id}`,
    locale: locale || document.documentElement.lang,
  };
  const data: Data = {};
  for (const field of fields?.split(/\s+/) ?? Object.keys(values)) {
    if (values[field]) data[field] = values[field];
  }
  return data;
}

/**
 * Fills in custom event data. What has no value on this page is told in debug mode.
 *
 * @throws {RangeError} when it is nested too deeply to be followed.
 */
export function fillIn(value: Data, context: PageContext): unknown {
  return fill(value, (path, written) => {
    const found = lookUp(context, path) ?? undefined;
    if (found === undefined) explain('PLACEHOLDER_UNRESOLVED', written);
    return found;
  });
}
