import { Panel, Select } from '@bigcommerce/big-design';
import type { ChannelView } from '../../catalog/admin-api.js';
import { hasChanges } from '../draft.js';
import type { Editing } from '../editing.js';
import { FieldError } from '../parts/field-error.js';
import { Stack } from '../parts/layout.js';
import type { DraftStore } from '../use-drafts.js';
import { useText } from '../use-text.js';

/** Which storefront is set, and whether it has settings of its own. */
export default function ChannelChoice(props: {
  readonly editing: Editing;
  readonly drafts: DraftStore['drafts'];
  readonly onChoose: (channelId: number) => void;
  readonly onSameAs: (channelId: number | null) => void;
}) {
  const { editing, drafts, onChoose, onSameAs } = props;
  const text = useText();
  const { draft, state, issue } = editing;
  const { channelId } = draft.saved;
  const now = state.channels.map((channel) => drafts.get(channel.channelId)?.saved ?? channel);
  const followers = now.filter(({ sameAs }) => sameAs === channelId);
  const leaders = now.filter((one) => one.channelId !== channelId && one.sameAs === null);
  const nameOf = (channel: ChannelView): string => {
    const its = drafts.get(channel.channelId);
    return its && hasChanges(its) ? text('channel.unsaved', { name: channel.name }) : channel.name;
  };

  return (
    <Panel header={text('channel.header')}>
      <Stack>
        <Select
          label={text('channel.label')}
          onOptionChange={(value) => value !== undefined && onChoose(value)}
          options={now.map((channel) => ({ value: channel.channelId, content: nameOf(channel) }))}
          required
          value={channelId}
        />
        {followers.length > 0 ? (
          <div>{text('channel.followers', { names: followers.map(({ name }) => name).join(', ') })}</div>
        ) : (
          <div>
            <Select
              id="sameAs"
              label={text('channel.settings')}
              onOptionChange={(value) => value !== undefined && onSameAs(value === 0 ? null : value)}
              options={[
                { value: 0, content: text('channel.own') },
                ...leaders.map((leader) => ({
                  value: leader.channelId,
                  content: text('channel.sameAs', { name: leader.name }),
                })),
              ]}
              required
              value={draft.edited.sameAs ?? 0}
            />
            <FieldError id="sameAs-error" message={issue('sameAs')} />
          </div>
        )}
      </Stack>
    </Panel>
  );
}
