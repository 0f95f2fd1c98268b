import en from './messages/en.json';

/** All that the page says, by id. Each language has the same ids; a test holds them to it. */
export type Messages = typeof en;
/** What the page can say. */
export type MessageId = keyof Messages;

/** A language of the page: what to tell the browser it is, and what it says. */
export interface Language {
  readonly tag: string;
  readonly messages: Messages;
}

/** English is at hand; others are loaded when they are needed. */
export const ENGLISH: Language = { tag: 'en', messages: en };

/** The languages of the widget, English apart. */
const OTHERS: Readonly<Record<string, () => Promise<{ readonly default: Messages }>>> = {
  de: () => import('./messages/de.json'),
  es: () => import('./messages/es.json'),
  fr: () => import('./messages/fr.json'),
  it: () => import('./messages/it.json'),
  nl: () => import('./messages/nl.json'),
  'pt-BR': () => import('./messages/pt-BR.json'),
  ja: () => import('./messages/ja.json'),
};

/**
 * The language of the page for a user. Never rejects: where a language is not there, or can't be loaded, it is English.
 *
 * @param locale - As BigCommerce has it: `de`, `en-US`, `pt_BR`.
 */
export async function loadLanguage(locale: string): Promise<Language> {
  const [wanted = ''] = locale.toLowerCase().split(/[-_]/);
  // A Portuguese user reads Brazilian Portuguese rather than English.
  const tag = Object.keys(OTHERS).find((one) => one.toLowerCase().split('-')[0] === wanted);
  const load = tag === undefined ? undefined : OTHERS[tag];
  if (tag === undefined || load === undefined) return ENGLISH;
  try {
    return { tag, messages: (await load()).default };
  } catch {
    return ENGLISH;
  }
}
