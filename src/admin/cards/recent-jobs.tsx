import { Badge, H3, Text } from '@bigcommerce/big-design';
import { FormattedDate } from 'react-intl';
import type { JobView } from '../../catalog/admin-api.js';
import { failureText } from '../failure-text.js';
import { PlainList, Row, Stack } from '../parts/layout.js';
import { useText } from '../use-text.js';

const VARIANTS = { waiting: 'secondary', running: 'primary', done: 'success', failed: 'danger' } as const;

/** What was done in the store of late, and why it failed where it did. */
export function RecentJobs({ jobs }: { readonly jobs: readonly JobView[] }) {
  const text = useText();
  return (
    <Stack $gap="xSmall">
      <H3>{text('status.jobs')}</H3>
      <PlainList>
        {jobs.map(({ id, kind, state, createdAt, failure }) => (
          <li key={id}>
            <Row>
              <Badge label={text(`jobState.${state}`)} variant={VARIANTS[state]} />
              <span>{text(`jobKind.${kind}`)}</span>
              <Text as="span" color="secondary60" marginBottom="none">
                <FormattedDate dateStyle="medium" timeStyle="short" value={createdAt} />
              </Text>
            </Row>
            {failure && (
              <Text marginBottom="none" marginTop="xxSmall">
                {failureText(text, failure)}
              </Text>
            )}
          </li>
        ))}
      </PlainList>
    </Stack>
  );
}
