import type { MessageId } from '../languages.js';
import type { Text } from '../use-text.js';
import { useText } from '../use-text.js';
import en from './messages/en.json';

type Messages = typeof en;

/** The languages of the page, English apart. They come with the activity only, so that the settings need not wait for them. */
const OTHERS: Readonly<Record<string, () => Promise<{ readonly default: Messages }>>> = {
  de: () => import('./messages/de.json'),
  es: () => import('./messages/es.json'),
  fr: () => import('./messages/fr.json'),
  it: () => import('./messages/it.json'),
  nl: () => import('./messages/nl.json'),
  'pt-BR': () => import('./messages/pt-BR.json'),
  ja: () => import('./messages/ja.json'),
};

const loaded = new Map<string, Promise<Messages>>();

/**
 * What the activity says. The same promise for the same language, so that a component can wait for it. Never rejects: what can't be loaded
 * is in English.
 *
 * @param tag - A language of the page.
 */
export function loadActivityMessages(tag: string): Promise<Messages> {
  const known = loaded.get(tag);
  if (known) return known;
  const load = Object.hasOwn(OTHERS, tag) ? OTHERS[tag] : undefined;
  const messages = load
    ? load().then(
        (found) => found.default,
        () => en,
      )
    : Promise.resolve(en);
  loaded.set(tag, messages);
  return messages;
}

/** What the activity can say: its own sentences, and those of the settings. */
export type ActivityMessageId = MessageId | keyof Messages;

/** Says something of the activity in the user's language. */
export type ActivityText = Text<ActivityMessageId>;

/** The activity's sentences, and those of the settings. */
export const useActivityText = (): ActivityText => useText<ActivityMessageId>();
