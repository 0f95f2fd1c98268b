import type { MessageId } from '../languages.js';
import { pageMessages } from '../page-messages.js';
import type { Text } from '../use-text.js';
import { useText } from '../use-text.js';
import en from './messages/en.json';

/** What the activity says, in a language of the page. See {@link pageMessages}. */
export const loadActivityMessages = pageMessages(en, {
  de: () => import('./messages/de.json'),
  es: () => import('./messages/es.json'),
  fr: () => import('./messages/fr.json'),
  it: () => import('./messages/it.json'),
  nl: () => import('./messages/nl.json'),
  'pt-BR': () => import('./messages/pt-BR.json'),
  ja: () => import('./messages/ja.json'),
});

/** What the activity can say: its own sentences, and those of the settings. */
export type ActivityMessageId = MessageId | keyof typeof en;

/** Says something of the activity in the user's language. */
export type ActivityText = Text<ActivityMessageId>;

/** The activity's sentences, and those of the settings. */
export const useActivityText = (): ActivityText => useText<ActivityMessageId>();
