import { Text } from '@bigcommerce/big-design';
import { useState } from 'react';
import type { ActivityAnswer } from '../../catalog/activity-api.js';
import { Disclosure } from '../parts/disclosure.js';
import { PlainList, Stack } from '../parts/layout.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';

/** What the app found and mended by itself: orders that no webhook told of, and webhooks that were switched off. */
export function Findings({ activity }: { readonly activity: ActivityAnswer }) {
  const { sweep, wokenWebhooks } = activity;
  const text = useActivityText();
  const { when } = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Stack $gap="xSmall">
      <Text color="secondary60" marginBottom="none">
        {sweep.sweptAt === null
          ? text('sweep.never')
          : text('sweep.last', { count: sweep.lastFound, when: when(sweep.sweptAt) })}
        {sweep.totalFound > 0 && ` ${text('sweep.total', { count: sweep.totalFound })}`}
      </Text>
      {wokenWebhooks.length > 0 && (
        <Disclosure
          isOpen={isOpen}
          onToggle={setIsOpen}
          title={text('woken.title', { count: wokenWebhooks.length })}
        >
          <Stack $gap="xSmall">
            <Text>{text('woken.help')}</Text>
            <PlainList>
              {wokenWebhooks.map(({ scope, wokenAt }) => (
                <li key={`${scope} ${wokenAt}`}>
                  <code>{scope}</code>, {when(wokenAt)}
                </li>
              ))}
            </PlainList>
          </Stack>
        </Disclosure>
      )}
    </Stack>
  );
}
