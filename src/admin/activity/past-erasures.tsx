import { H3, Text } from '@bigcommerce/big-design';
import { useQuery } from '@tanstack/react-query';
import type { Api } from '../api.js';
import { PlainList, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText } from './event-text.js';
import { ERASURES_KEY } from './live.js';

/** What was erased, by whom and when. It does not say of whom. */
export function PastErasures({ api }: { readonly api: Api }) {
  const text = useActivityText();
  const { when } = useFormats();
  const { data, error } = useQuery({
    queryKey: ERASURES_KEY,
    queryFn: api.erasures,
  });
  return (
    <Stack $gap="xSmall">
      <H3>{text('privacy.past')}</H3>
      {error && (
        <Verdict kind="danger">
          {text('privacy.pastFailed', { reason: activityErrorText(text, error) })}
        </Verdict>
      )}
      {data?.length === 0 && <Text>{text('privacy.none')}</Text>}
      <PlainList>
        {data?.map(({ id, by, erasedAt, askedBy, events }) => (
          <li key={id}>
            {text('privacy.record', { by, count: events })}
            <Text color="secondary60" marginBottom="none">
              {when(erasedAt)}
              {askedBy !== null && `, ${text('privacy.askedBy', { who: askedBy })}`}
            </Text>
          </li>
        ))}
      </PlainList>
    </Stack>
  );
}
