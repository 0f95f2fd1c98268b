import type { DefaultField } from '../catalog/event-data-fields.js';
import type { FilledEventData } from './custom-event-data.js';
import { explain } from './report.js';
import type { Data, PageContext } from './types.js';

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

let make: typeof import('./custom-event-data.js').customEventData | undefined;

/**
 * Makes the custom event data of a zone. What reads it and fills in placeholders is loaded beside the core tag, by
 * the pages that have some.
 *
 * @returns A promise where something has to be loaded first; then ask again. `undefined` where there is none.
 */
export const customEventData = (
  eventData: string | Data | null | undefined,
  context: PageContext,
): FilledEventData | Promise<unknown> | undefined =>
  eventData
    ? (make?.(eventData, context, explain) ??
      import('./custom-event-data.js').then((part) => {
        make = part.customEventData;
      }))
    : undefined;
