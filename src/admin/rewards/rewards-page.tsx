import { use, useMemo } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { Rewards, type RewardsProps } from './rewards.js';
import { loadRewardsMessages } from './rewards-messages.js';

/** The rewards, with their own sentences beside those of the settings. A file of its own, loaded when it is asked for. */
export default function RewardsPage(props: RewardsProps) {
  const { locale, messages } = useIntl();
  const own = use(loadRewardsMessages(locale));
  const all = useMemo(() => ({ ...messages, ...own }), [messages, own]);
  return (
    <IntlProvider locale={locale} messages={all}>
      <Rewards {...props} />
    </IntlProvider>
  );
}
