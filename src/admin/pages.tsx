import { lazy, Suspense } from 'react';
import type { StateAnswer } from '../catalog/admin-api.js';
import type { Api } from './api.js';
import { hasChanges } from './draft.js';
import { FailureBoundary } from './parts/failure-boundary.js';
import { Loading } from './parts/loading.js';
import { PageLinks } from './parts/page-links.js';
import { SettingsPage } from './settings-page.js';
import { useDrafts } from './use-drafts.js';
import { usePage } from './use-page.js';
import { useText } from './use-text.js';

const ActivityPage = lazy(() => import('./activity/activity-page.js'));

/** The settings and the activity. The settings stay as they are while the other page is looked at, with all that was typed. */
export function Pages(props: {
  readonly api: Api;
  readonly state: StateAnswer;
  readonly firstChannelId: number;
}) {
  const { api, state, firstChannelId } = props;
  const text = useText();
  const page = usePage();
  const drafts = useDrafts(api, state);
  return (
    <>
      <PageLinks isUnsaved={[...drafts.drafts.values()].some(hasChanges)} page={page} />
      <div hidden={page !== 'settings'}>
        <SettingsPage
          api={api}
          drafts={drafts}
          firstChannelId={firstChannelId}
          isShown={page === 'settings'}
          state={state}
        />
      </div>
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
