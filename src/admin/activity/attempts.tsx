import { Badge, H3, Text } from '@bigcommerce/big-design';
import type { AttemptView } from '../../catalog/activity-api.js';
import { PlainList, Row, Stack } from '../parts/layout.js';
import { useFormats } from '../use-formats.js';
import { useActivityText } from './activity-messages.js';

const VARIANTS = {
  'under-way': 'primary',
  delivered: 'success',
  retry: 'warning',
  refused: 'danger',
  paused: 'secondary',
} as const satisfies Readonly<Record<AttemptView['outcome'], string>>;

/** Each try to deliver an event, with Extole's own words. */
export function Attempts({ attempts }: { readonly attempts: readonly AttemptView[] }) {
  const text = useActivityText();
  const { when, duration } = useFormats();
  return (
    <Stack $gap="xSmall">
      <H3>{text('detail.attempts')}</H3>
      {attempts.length === 0 && <Text>{text('detail.noAttempt')}</Text>}
      <PlainList>
        {attempts.map(({ number, startedAt, durationMs, status, outcome, failure }) => (
          <li key={number}>
            <Row>
              <Badge label={text(`outcome.${outcome}`)} variant={VARIANTS[outcome]} />
              <span>{text('attempt.number', { number })}</span>
              <Text as="span" color="secondary60" marginBottom="none">
                {when(startedAt)}
                {durationMs !== null && ` · ${duration(durationMs)}`}
                {outcome !== 'under-way' &&
                  ` · ${status === null ? text('attempt.silent') : text('attempt.status', { status })}`}
              </Text>
            </Row>
            {failure && (
              <div>
                <code>{failure.code}</code>: {failure.message}
              </div>
            )}
          </li>
        ))}
      </PlainList>
    </Stack>
  );
}
