import { Panel, Text } from '@bigcommerce/big-design';
import type { Api } from '../api.js';
import { Stack } from '../parts/layout.js';
import { useActivityText } from './activity-messages.js';
import { ErasePerson } from './erase-person.js';
import { PastErasures } from './past-erasures.js';

/** For how long what was sent is kept, and how what is kept of a person is erased. */
export function Privacy(props: {
  readonly api: Api;
  /** `undefined` until it is known. */
  readonly payloadDays: number | undefined;
}) {
  const { api, payloadDays } = props;
  const text = useActivityText();
  return (
    <Panel header={text('privacy.header')}>
      <Stack>
        {payloadDays !== undefined && <Text>{text('privacy.kept', { days: payloadDays })}</Text>}
        <Text>{text('privacy.help')}</Text>
        <ErasePerson api={api} />
        <PastErasures api={api} />
      </Stack>
    </Panel>
  );
}
