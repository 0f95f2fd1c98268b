import { use, useMemo } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import type { StateAnswer } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { Activity } from './activity.js';
import { loadActivityMessages } from './activity-messages.js';

/** The activity, with its own sentences beside those of the settings. A file of its own, loaded when it is asked for. */
export default function ActivityPage({ api, state }: { readonly api: Api; readonly state: StateAnswer }) {
  const { locale, messages } = useIntl();
  const own = use(loadActivityMessages(locale));
  const all = useMemo(() => ({ ...messages, ...own }), [messages, own]);
  return (
    <IntlProvider locale={locale} messages={all}>
      <Activity api={api} state={state} />
    </IntlProvider>
  );
}
