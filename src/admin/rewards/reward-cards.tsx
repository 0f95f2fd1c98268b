import { type ReactNode, useEffect, useState } from 'react';
import type { RewardChannelView, RewardQuery, RewardsAnswer } from '../../catalog/rewards-api.js';
import { channelName } from '../channel-name.js';
import { Column } from '../parts/layout.js';
import { useFocusFirstIssue } from '../use-focus-first-issue.js';
import { useSessionEnd } from '../use-session-end.js';
import { ClashDialog } from './clash-dialog.js';
import { FollowsRewards } from './follows-rewards.js';
import { IssuedCodes } from './issued-codes.js';
import { useLivePromotions } from './live.js';
import { Promotions } from './promotions.js';
import { ofLeaders } from './reward-draft.js';
import { RewardSaveBar } from './reward-save-bar.js';
import { RewardSettingsPanel } from './reward-settings-panel.js';
import type { RewardsProps } from './rewards.js';
import { Standing } from './standing.js';
import { StorefrontChoice } from './storefront-choice.js';
import { useRewardEditing } from './use-reward-editing.js';

const CODES_ID = 'codes';

/** One column of cards: how things stand, the storefront that is chosen with its promotions and settings, the codes; and the bar below. */
export function RewardCards(
  props: RewardsProps & {
    readonly rewards: RewardsAnswer;
    readonly first: RewardChannelView;
    /** What stands above them. */
    readonly top: ReactNode;
  },
) {
  const { api, state, drafts, onDrafts, firstChannelId, rewards, first, top } = props;
  const { channels } = state;
  const isOver = useSessionEnd(api);
  const [channelId, setChannelId] = useState(firstChannelId);
  const [query, setQuery] = useState<RewardQuery>({});
  const view = rewards.channels.find((one) => one.channelId === channelId) ?? first;
  const promotions = useLivePromotions(api, view.channelId, rewards.hasPromotionScope);
  const editing = useRewardEditing(api, view, drafts, onDrafts);
  useFocusFirstIssue(editing.issues);
  useEffect(() => onDrafts((now) => ofLeaders(now, rewards.channels)), [onDrafts, rewards.channels]);

  const showFailed = (): void => {
    setQuery({ state: 'failed' });
    document.getElementById(CODES_ID)?.focus();
  };
  const isLeader = view.followsChannelId === null;
  // They push down what stands below them, which is not shown before: nobody is to press something else than they meant.
  const isWaitingForPromotions = rewards.hasPromotionScope && !promotions.data && !promotions.error;
  return (
    <>
      <Column>
        {top}
        <Standing channels={channels} onShowFailed={showFailed} rewards={rewards} />
        {rewards.channels.length > 1 && (
          <StorefrontChoice
            channels={channels}
            drafts={drafts}
            onChoose={setChannelId}
            rewards={rewards}
            view={view}
          />
        )}
        <Promotions
          answer={promotions.data}
          api={api}
          channels={channels}
          editing={isLeader ? editing : undefined}
          error={promotions.error}
          hasScope={rewards.hasPromotionScope}
          view={view}
        />
        {!isWaitingForPromotions && (
          <>
            {view.followsChannelId === null ? (
              <RewardSettingsPanel editing={editing} key={view.channelId} promotions={promotions.data} />
            ) : (
              <FollowsRewards
                leaderId={view.followsChannelId}
                name={channelName(channels, view.followsChannelId)}
                onChoose={setChannelId}
              />
            )}
            <IssuedCodes
              api={api}
              channels={channels}
              id={CODES_ID}
              onQuery={setQuery}
              promotions={promotions.data}
              query={query}
              rewards={rewards}
            />
          </>
        )}
      </Column>
      <RewardSaveBar channels={channels} editing={editing} isOver={isOver} />
      {editing.conflict && (
        <ClashDialog conflict={editing.conflict} editing={editing} promotions={promotions.data} />
      )}
    </>
  );
}
