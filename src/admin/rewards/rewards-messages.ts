import type { MessageId } from '../languages.js';
import { pageMessages } from '../page-messages.js';
import type { Text } from '../use-text.js';
import { useText } from '../use-text.js';
import en from './messages/en.json';

/** What the page of rewards says, in a language of the page. See {@link pageMessages}. */
export const loadRewardsMessages = pageMessages(en, {
  de: () => import('./messages/de.json'),
  es: () => import('./messages/es.json'),
  fr: () => import('./messages/fr.json'),
  it: () => import('./messages/it.json'),
  nl: () => import('./messages/nl.json'),
  'pt-BR': () => import('./messages/pt-BR.json'),
  ja: () => import('./messages/ja.json'),
});

/** What the page of rewards can say: its own sentences, and those of the settings. */
export type RewardsMessageId = MessageId | keyof typeof en;

/** Says something of the rewards in the user's language. */
export type RewardsText = Text<RewardsMessageId>;

/** The sentences of the rewards, and those of the settings. */
export const useRewardsText = (): RewardsText => useText<RewardsMessageId>();
