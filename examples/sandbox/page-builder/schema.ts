import { z } from 'zod';
import type { TemplateVersion } from '../bigcommerce/store-content.js';

const setting = z.object({
  type: z.string(),
  id: z.string(),
  label: z.string().default(''),
  default: z.unknown().optional(),
  typeMeta: z
    .object({
      helpInfo: z.string().default(''),
      placeholder: z.string().default(''),
      selectOptions: z.array(z.object({ label: z.string(), value: z.string() })).default([]),
      rangeValues: z
        .object({
          min: z.number(),
          max: z.number(),
          step: z.number().default(1),
          unit: z.string().default(''),
        })
        .default({ min: 0, max: 100, step: 1, unit: '' }),
    })
    .prefault({}),
  conditional: z.object({ key: z.string(), value: z.array(z.string()) }).optional(),
});

const tab = z.object({
  type: z.literal('tab'),
  label: z.string().default(''),
  sections: z.array(z.object({ label: z.string().default(''), settings: z.array(setting) })),
});

// A `graphQl` setting has no id and no value.
const hiddenSetting = z.object({ id: z.string().optional(), default: z.unknown().optional() });
type HiddenSetting = z.infer<typeof hiddenSetting>;

const hidden = z.object({ type: z.literal('hidden'), settings: z.array(hiddenSetting) });

const texts = z.record(z.string(), z.record(z.string(), z.string()));

/** One setting of a widget. */
export type Setting = z.infer<typeof setting>;

/** What Page Builder asks a merchant for one version of a widget template. Labels may be keys of the translations. */
export interface WidgetForm {
  readonly tabs: readonly z.infer<typeof tab>[];
  /** Settings without a control, for their defaults. */
  readonly hidden: readonly HiddenSetting[];
  /** The types of the parts of the schema that can't be drawn here. */
  readonly undrawn: readonly string[];
  /** Each text by key and language. */
  readonly translations: z.infer<typeof texts>;
}

/**
 * Reads what a widget template asks for. What is not understood is named in `undrawn`, never refused: the API has let it in.
 *
 * Source: BigCommerce, "Widgets: Schema Settings" and "Localization".
 */
export function readForm({ schema, schema_translations }: TemplateVersion): WidgetForm {
  const tabs: z.infer<typeof tab>[] = [];
  const hiddenSettings: HiddenSetting[] = [];
  const undrawn: string[] = [];
  for (const part of schema) {
    const asTab = tab.safeParse(part);
    const asHidden = hidden.safeParse(part);
    if (asTab.success) tabs.push(asTab.data);
    else if (asHidden.success) hiddenSettings.push(...asHidden.data.settings);
    else undrawn.push(z.object({ type: z.string() }).safeParse(part).data?.type ?? 'unknown');
  }
  return { tabs, hidden: hiddenSettings, undrawn, translations: readTranslations(schema_translations) };
}

function readTranslations(text: string): z.infer<typeof texts> {
  try {
    return texts.parse(JSON.parse(text));
  } catch {
    // Templates without translations have an empty text. Labels then stand as they are.
    return {};
  }
}
