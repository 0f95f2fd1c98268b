import { Badge, Button, H3, Link, Panel, Text } from '@bigcommerce/big-design';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { FormattedDate } from 'react-intl';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { Api } from '../api.js';
import { errorText, failureText } from '../failure-text.js';
import { PlainList, Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { needsAttention, useActivity } from '../use-activity.js';
import { addressOf } from '../use-page.js';
import { STATUS_KEY, useStatus } from '../use-status.js';
import { useText } from '../use-text.js';
import { DifferenceList } from './difference-list.js';
import { RecentJobs } from './recent-jobs.js';

const RepairDialog = lazy(() => import('../dialogs/repair-dialog.js'));

/** How things stand in the store: what is in place, what is missing, and what happened of late. */
export function Status(props: {
  readonly api: Api;
  readonly channels: readonly ChannelView[];
  /** Whether something is being done in the store. */
  readonly isWorking: boolean;
  /** How the last Repair went. */
  readonly repair: { readonly isPending: boolean; readonly error: Error | null };
  readonly onRepair: () => void;
}) {
  const { api, channels, isWorking, repair, onRepair } = props;
  const text = useText();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const { data: status, error, refetch } = useStatus(api);
  const { data: activity } = useActivity(api);
  const look = useMutation({
    mutationFn: () => api.status(true),
    onSuccess: (fresh) => client.setQueryData(STATUS_KEY, fresh),
  });
  const inactiveCount = status?.webhooks.filter(({ isActive }) => !isActive).length ?? 0;
  const differenceCount = (status?.differences.length ?? 0) + inactiveCount;
  const needsRepair = differenceCount > 0;
  const trouble = look.error ?? repair.error ?? error;

  return (
    <Panel header={text('status.header')} id="status">
      <Stack $gap="xLarge">
        <Stack aria-live="polite">
          {trouble && <Verdict kind="danger">{errorText(text, trouble)}</Verdict>}
          {status?.connection === 'reauthorize' && (
            <Verdict kind="danger">{text('status.reauthorize')}</Verdict>
          )}
          {status?.failure && (
            <Verdict kind="danger">
              {text('status.failed', { reason: failureText(text, status.failure) })}
            </Verdict>
          )}
          {status && status.lookedAt === null && !status.failure && <Text>{text('status.never')}</Text>}
          {status && status.lookedAt !== null && !needsRepair && (
            <Verdict kind="success">{text('status.inPlace')}</Verdict>
          )}
          {status && needsRepair && (
            <Stack $gap="xSmall">
              <Verdict kind="warning">{text('status.differs', { count: differenceCount })}</Verdict>
              <DifferenceList channels={channels} status={status} />
            </Stack>
          )}
          {activity && needsAttention(activity) && (
            <Verdict kind="warning">
              {text('status.attention')} <Link href={addressOf('activity')}>{text('status.activity')}</Link>
            </Verdict>
          )}
          {status?.notices.map((notice) => (
            <Verdict kind="warning" key={`${notice.code} ${notice.message}`}>
              {failureText(text, notice)}
            </Verdict>
          ))}
          {status?.lookedAt && (
            <Text color="secondary60">
              {text('status.lookedAt')}{' '}
              <FormattedDate dateStyle="medium" timeStyle="short" value={status.lookedAt} />
            </Text>
          )}
        </Stack>
        <Row>
          <Button
            isLoading={look.isPending}
            mobileWidth="auto"
            onClick={() => (error ? void refetch() : look.mutate())}
            type="button"
            variant="secondary"
          >
            {text('status.look')}
          </Button>
          {needsRepair && (
            <Button
              disabled={isWorking}
              isLoading={repair.isPending}
              mobileWidth="auto"
              onClick={() => setIsAsking(true)}
              type="button"
              variant="secondary"
            >
              {text('status.repair')}
            </Button>
          )}
        </Row>
        {status && status.webhooks.length > 0 && (
          <Stack $gap="xSmall">
            <H3>{text('status.webhooks')}</H3>
            <PlainList>
              {status.webhooks.map(({ scope, isActive }) => (
                <li key={scope}>
                  <Row>
                    <Badge
                      label={text(isActive ? 'webhook.active' : 'webhook.inactive')}
                      variant={isActive ? 'success' : 'danger'}
                    />
                    <code>{scope}</code>
                  </Row>
                </li>
              ))}
            </PlainList>
          </Stack>
        )}
        {status && status.recentJobs.length > 0 && <RecentJobs jobs={status.recentJobs} />}
      </Stack>
      {isAsking && status && (
        <Suspense>
          <RepairDialog
            channels={channels}
            onCancel={() => setIsAsking(false)}
            onRepair={() => {
              setIsAsking(false);
              onRepair();
            }}
            status={status}
          />
        </Suspense>
      )}
    </Panel>
  );
}
