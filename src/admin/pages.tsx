import { lazy, Suspense, useState } from 'react';
import type { StateAnswer } from '../catalog/admin-api.js';
import type { Api } from './api.js';
import { hasChanges } from './draft.js';
import { FailureBoundary } from './parts/failure-boundary.js';
import { Loading } from './parts/loading.js';
import { PageLinks } from './parts/page-links.js';
import type { RewardDrafts } from './rewards/reward-draft.js';
import { SettingsPage } from './settings-page.js';
import { useDrafts } from './use-drafts.js';
import { useLeaveWarning } from './use-leave-warning.js';
import { type Page, usePage } from './use-page.js';
import { useText } from './use-text.js';

const ActivityPage = lazy(() => import('./activity/activity-page.js'));
const RewardsPage = lazy(() => import('./rewards/rewards-page.js'));

const NO_DRAFTS: RewardDrafts = new Map();

/**
 * The settings, the rewards and the activity. The settings stay as they are while another page is looked at, with all that was typed; of the
 * rewards, what is not saved does.
 */
export function Pages(props: {
  readonly api: Api;
  readonly state: StateAnswer;
  readonly firstChannelId: number;
}) {
  const { api, state, firstChannelId } = props;
  const text = useText();
  const page = usePage();
  const drafts = useDrafts(api, state);
  const [rewardDrafts, setRewardDrafts] = useState(NO_DRAFTS);
  useLeaveWarning(rewardDrafts.size > 0);
  const unsaved = new Set<Page>();
  if ([...drafts.drafts.values()].some(hasChanges)) unsaved.add('settings');
  if (rewardDrafts.size > 0) unsaved.add('rewards');
  return (
    <>
      <PageLinks page={page} unsaved={unsaved} />
      <div hidden={page !== 'settings'}>
        <SettingsPage
          api={api}
          drafts={drafts}
          firstChannelId={firstChannelId}
          isShown={page === 'settings'}
          state={state}
        />
      </div>
      {page === 'rewards' && (
        <FailureBoundary>
          <Suspense fallback={<Loading label={text('page.rewardsLoading')} />}>
            <RewardsPage
              api={api}
              drafts={rewardDrafts}
              firstChannelId={firstChannelId}
              onDrafts={setRewardDrafts}
              state={state}
            />
          </Suspense>
        </FailureBoundary>
      )}
      {page === 'activity' && (
        <FailureBoundary>
          <Suspense fallback={<Loading label={text('page.activityLoading')} />}>
            <ActivityPage api={api} state={state} />
          </Suspense>
        </FailureBoundary>
      )}
    </>
  );
}
