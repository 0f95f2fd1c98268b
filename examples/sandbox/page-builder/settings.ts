import type { Setting, WidgetForm } from './schema.js';

/** What a merchant entered for a widget, by the setting's id. */
export type Configuration = Readonly<Record<string, unknown>>;

/**
 * What a widget starts with: the defaults of its settings. One that is `false`, `0` or empty yields no key, so that a template
 * has to take a missing key for the default.
 *
 * Source: BigCommerce's Widget Builder, which leaves them out.
 */
export function defaultConfiguration({ tabs, hidden }: WidgetForm): Configuration {
  const settings = [
    ...tabs.flatMap(({ sections }) => sections.flatMap((section) => section.settings)),
    ...hidden,
  ];
  return Object.fromEntries(
    settings.flatMap(({ id, default: value }) => (id !== undefined && value ? [[id, value]] : [])),
  );
}

/** What a setting shows: what was entered, else its default. */
export function shownValue(setting: Setting, configuration: Configuration): unknown {
  return configuration[setting.id] ?? setting.default;
}

/**
 * Whether a setting is asked for. It may depend on another one of the same list; a value that was entered stays while its setting
 * is hidden.
 *
 * Source: BigCommerce, "Widgets: conditional settings".
 *
 * @param siblings - The list that the setting stands in.
 */
export function isAskedFor(
  { conditional }: Setting,
  siblings: readonly Setting[],
  configuration: Configuration,
): boolean {
  if (!conditional) return true;
  const decisive = siblings.find(({ id }) => id === conditional.key);
  return (
    decisive !== undefined && conditional.value.some((value) => value === shownValue(decisive, configuration))
  );
}

/** BigCommerce keeps no line breaks in the values of `text` settings. */
export function withoutLineBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

/**
 * Finds a text in a language, or in the one it is a variety of (`de` for `de-AT`), or as the template has it by default. What has no
 * translation is a text itself.
 */
export function translate(text: string, { translations }: WidgetForm, language: string): string {
  const known = translations[text];
  return known?.[language] ?? known?.[language.split('-', 1)[0] ?? ''] ?? known?.default ?? text;
}

/** The languages that a template's texts are in, as BCP 47 tags. */
export function languagesOf({ translations }: WidgetForm): string[] {
  const languages = new Set(Object.values(translations).flatMap((byLanguage) => Object.keys(byLanguage)));
  languages.delete('default');
  return [...languages];
}
