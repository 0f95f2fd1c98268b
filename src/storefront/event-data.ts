import type { DefaultField } from '../catalog/event-data-fields.js';
import { compile, lookUp, type Render } from './placeholders.js';
import { explain } from './report.js';
import type { Data, PageContext } from './types.js';

/** What is wrong with a text that is no JSON object: a sentence with the place and what was expected there. */
export interface InvalidEventData {
  readonly problem: string;
}

/** Custom event data, prepared: how to fill it in, or what is wrong with it. */
export type CustomEventData = Render | InvalidEventData;

// Texts repeat: on a list of products each card has the same one, and each change of the page fills it in again.
const prepared = new Map<string, CustomEventData | Promise<void>>();

/**
 * Prepares the text of an `event-data` attribute, once for each text.
 *
 * @returns How to fill it in, or what is wrong with it. A promise when the text is not plain JSON: it settles, never
 *   with an error, when the forgiving reader has come from its own file; then ask again.
 */
export function prepare(text: string): CustomEventData | Promise<void> {
  let found = prepared.get(text);
  if (!found) {
    found = readJson(text) ?? readForgivingly(text);
    prepared.set(text, found);
  }
  return found;
}

function readJson(text: string): Render | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return compile(value);
  } catch {
    // The forgiving reader says what is wrong, and often mends it.
  }
  return undefined;
}

function readForgivingly(text: string): Promise<void> {
  return import('./event-data-repair.js')
    .then(({ repair }) => {
      const { value, problem } = repair(text);
      prepared.set(text, value ? compile(value) : { problem });
    })
    .catch(() => {
      prepared.set(text, { problem: '' });
    });
}

/**
 * The default event data, by what is known of the shopper. An unknown value is left out, never sent empty.
 *
 * @param fields - A space-separated list that narrows it; `null` for all five.
 */
export function defaultEventData({ customer, locale }: PageContext, fields: string | null): Data {
  const values: Record<DefaultField, unknown> = {
    first_name: customer?.first_name,
    last_name: customer?.last_name,
    email: customer?.email,
    partner_user_id: customer?.id && `${customer.id}`,
    locale: locale || document.documentElement.lang,
  };
  const wanted = fields?.split(/\s+/) ?? [];
  return Object.fromEntries(
    Object.entries(values).filter(([field, value]) => value && (fields === null || wanted.includes(field))),
  );
}

/** Fills in custom event data. What has no value on this page is told in debug mode. */
export function fillIn(render: Render, context: PageContext): unknown {
  return render((path, written) => {
    const value = lookUp(context, path) ?? undefined;
    if (value === undefined) explain('PLACEHOLDER_UNRESOLVED', written);
    return value;
  });
}
