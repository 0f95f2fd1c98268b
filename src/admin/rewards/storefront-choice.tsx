import { Panel, Select } from '@bigcommerce/big-design';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { RewardChannelView, RewardsAnswer } from '../../catalog/rewards-api.js';
import { channelName } from '../channel-name.js';
import { Stack } from '../parts/layout.js';
import type { RewardDrafts } from './reward-draft.js';
import { useRewardsText } from './rewards-messages.js';

/** Chooses the storefront whose promotions and settings are shown, and says for which others they count. */
export function StorefrontChoice(props: {
  readonly rewards: RewardsAnswer;
  readonly view: RewardChannelView;
  readonly channels: readonly ChannelView[];
  readonly drafts: RewardDrafts;
  readonly onChoose: (channelId: number) => void;
}) {
  const { rewards, view, channels, drafts, onChoose } = props;
  const text = useRewardsText();
  const followers = rewards.channels.filter(({ followsChannelId }) => followsChannelId === view.channelId);
  const label = (channelId: number): string => {
    const name = channelName(channels, channelId);
    return drafts.has(channelId) ? text('channel.unsaved', { name }) : name;
  };
  return (
    <Panel header={text('channel.header')}>
      <Stack>
        <Select
          filterable={false}
          label={text('choice.label')}
          onOptionChange={(value) => value !== undefined && onChoose(value)}
          options={rewards.channels.map(({ channelId }) => ({ value: channelId, content: label(channelId) }))}
          required
          value={view.channelId}
        />
        {followers.length > 0 && (
          <div>
            {text('channel.followers', {
              names: followers.map(({ channelId }) => channelName(channels, channelId)).join(', '),
            })}
          </div>
        )}
      </Stack>
    </Panel>
  );
}
