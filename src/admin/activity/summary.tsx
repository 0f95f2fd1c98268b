import { Link, Panel, ProgressCircle, Text } from '@bigcommerce/big-design';
import type { ActivityAnswer } from '../../catalog/activity-api.js';
import type { ChannelView } from '../../catalog/admin-api.js';
import { channelName } from '../channel-name.js';
import { ActionButton } from '../parts/action-button.js';
import { Figures } from '../parts/figures.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { addressOf } from '../use-page.js';
import { useActivityText } from './activity-messages.js';
import { activityErrorText, activityFailureText } from './event-text.js';
import { Findings } from './findings.js';

/** How many events wait, what keeps them from being delivered, and what is to be done. */
export function Summary(props: {
  readonly activity: ActivityAnswer | undefined;
  readonly error: Error | null;
  readonly channels: readonly ChannelView[];
  readonly onShowRefused: () => void;
}) {
  const { activity, error, channels, onShowRefused } = props;
  const text = useActivityText();
  return (
    <Panel header={text('summary.header')}>
      <Stack>
        {error && (
          <div role="alert">
            <Verdict kind="danger">
              {text('activity.failed', { reason: activityErrorText(text, error) })}
            </Verdict>
          </div>
        )}
        {!activity && !error && <ProgressCircle size="xSmall" />}
        {activity && (
          <>
            <Standing activity={activity} />
            <Stack $gap="xSmall" aria-live="polite">
              <Troubles activity={activity} channels={channels} />
            </Stack>
            {activity.dead > 0 && (
              <Row>
                <ActionButton label={text('summary.showRefused')} onClick={onShowRefused} />
              </Row>
            )}
            <Findings activity={activity} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Standing({ activity }: { readonly activity: ActivityAnswer }) {
  const text = useActivityText();
  const { age, count } = useFormats();
  const { waiting, dead, days } = activity;
  const today = days.at(-1);
  return (
    <Figures>
      <div>
        <dt>{text('summary.waiting')}</dt>
        <dd>{count(waiting)}</dd>
      </div>
      <div>
        <dt>{text('summary.dead')}</dt>
        <dd>{count(dead)}</dd>
      </div>
      <div>
        <dt>{text('summary.oldest')}</dt>
        <dd>{waiting > 0 && today ? age(today.oldestWaitingSeconds) : '–'}</dd>
      </div>
    </Figures>
  );
}

function Troubles(props: { readonly activity: ActivityAnswer; readonly channels: readonly ChannelView[] }) {
  const { activity, channels } = props;
  const { waiting, dead, pauses, ordersToLookAt, lookFailure } = activity;
  const text = useActivityText();
  const { when } = useFormats();
  const isCalm = waiting + dead + ordersToLookAt + pauses.length === 0;
  return (
    <>
      {isCalm && <Verdict kind="success">{text('summary.calm')}</Verdict>}
      {dead > 0 && <Verdict kind="danger">{text('summary.refused', { count: dead })}</Verdict>}
      {pauses.map(({ channelId, reason, until }) => (
        <Verdict kind={reason === 'rate-limited' ? 'warning' : 'danger'} key={`${channelId} ${reason}`}>
          {text(`pause.${reason}`, { name: channelName(channels, channelId), when: when(until) })}{' '}
          {reason !== 'rate-limited' && <Link href={addressOf('settings')}>{text('pause.settings')}</Link>}
        </Verdict>
      ))}
      {waiting > 0 && (
        <Text marginBottom="none">
          {text(pauses.length > 0 ? 'summary.kept' : 'summary.onTheWay', { count: waiting })}
        </Text>
      )}
      {ordersToLookAt > 0 && lookFailure && (
        <Verdict kind="warning">
          {text('summary.ordersWhy', {
            count: ordersToLookAt,
            reason: activityFailureText(text, lookFailure),
          })}
        </Verdict>
      )}
      {ordersToLookAt > 0 && !lookFailure && (
        <Text marginBottom="none">{text('summary.orders', { count: ordersToLookAt })}</Text>
      )}
    </>
  );
}
