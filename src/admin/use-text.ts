import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { MessageId } from './languages.js';

/** Says something in the user's language. */
export type Text<Id = MessageId> = (id: Id, values?: Readonly<Record<string, string | number>>) => string;

/** The page's sentences, in the language of whoever looks at it. */
export function useText<Id extends string = MessageId>(): Text<Id> {
  const { formatMessage } = useIntl();
  return useCallback((id, values) => formatMessage({ id }, { ...values }), [formatMessage]);
}
