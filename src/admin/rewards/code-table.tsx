import { Badge, Button } from '@bigcommerce/big-design';
import { theme } from '@bigcommerce/big-design-theme';
import styled from 'styled-components';
import type { ChannelView } from '../../catalog/admin-api.js';
import {
  isSwitchedOff,
  type PromotionsAnswer,
  type RewardChannelView,
  type RewardState,
  type RewardView,
} from '../../catalog/rewards-api.js';
import { channelName } from '../channel-name.js';
import { FoldingTable } from '../parts/folding-table.js';
import { useFormats } from '../use-formats.js';
import { CopyButton } from './copy-button.js';
import { promotionName, rewardFailureText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

const { colors, spacing, typography } = theme;

const VARIANTS = {
  waiting: 'primary',
  fulfilled: 'success',
  failed: 'danger',
  canceled: 'secondary',
  ignored: 'warning',
} as const satisfies Readonly<Record<RewardState, string>>;

const Table = styled(FoldingTable)`
  small { color: ${colors.secondary60}; display: block; font-size: ${typography.fontSize.small}; }
  td { overflow-wrap: anywhere; }
  td:first-child { white-space: nowrap; }
  td > .bd-button { margin-top: ${spacing.xSmall}; }
`;

/** The rewards, a row each. */
export function CodeTable(props: {
  readonly rewards: readonly RewardView[];
  readonly channels: readonly ChannelView[];
  /** What is set for the rewards of each. */
  readonly rewardChannels: readonly RewardChannelView[];
  readonly promotions: PromotionsAnswer | undefined;
  /** Has one tried again. */
  readonly onAgain: (rewardId: string) => void;
}) {
  const { rewards, ...others } = props;
  const text = useRewardsText();
  return (
    <Table>
      <thead>
        <tr>
          <th scope="col">{text('codes.state')}</th>
          <th scope="col">{text('codes.reward')}</th>
          <th scope="col">{text('codes.code')}</th>
          <th scope="col">{text('codes.promotion')}</th>
          <th scope="col">{text('codes.when')}</th>
        </tr>
      </thead>
      <tbody>
        {rewards.map((reward) => (
          <CodeRow key={reward.rewardId} reward={reward} {...others} />
        ))}
      </tbody>
    </Table>
  );
}

function CodeRow(props: Omit<Parameters<typeof CodeTable>[0], 'rewards'> & { readonly reward: RewardView }) {
  const { reward, channels, rewardChannels, promotions, onAgain } = props;
  const { rewardId, channelId, state, supplierId, promotionId, code, codeState, failure } = reward;
  const { heardAt, fulfilledAt, nextAttemptAt } = reward;
  const text = useRewardsText();
  const { when } = useFormats();
  const channel = rewardChannels.find((one) => one.channelId === channelId);
  const waitsForSwitch = state === 'waiting' && channel !== undefined && isSwitchedOff(channel);
  const isStuck = state === 'waiting' && failure !== null && !waitsForSwitch;
  const canTryAgain = state === 'failed' || state === 'ignored' || isStuck;
  return (
    <tr>
      <td>
        <Badge label={text(`state.${state}`)} variant={VARIANTS[state]} />
      </td>
      <td data-name={text('codes.reward')}>
        {rewardId}
        {supplierId !== null && <small>{text('codes.supplier', { id: supplierId })}</small>}
        {channels.length > 1 && <small>{channelName(channels, channelId)}</small>}
        {failure && !waitsForSwitch && <div>{rewardFailureText(text, failure)}</div>}
        {waitsForSwitch && (
          <div>{text(channel.settings.isEnabled ? 'codes.waitsForStorefront' : 'codes.waitsForRewards')}</div>
        )}
        {canTryAgain && (
          <Button
            aria-label={`${text('again.one')}: ${rewardId}`}
            mobileWidth="auto"
            onClick={() => onAgain(rewardId)}
            type="button"
            variant="secondary"
          >
            {text('again.one')}
          </Button>
        )}
      </td>
      <td data-name={text('codes.code')} data-none={code === null}>
        {code === null ? '–' : <code>{code}</code>}
        {codeState === 'asked' && <small>{text('codes.asked')}</small>}
        {codeState === 'deleted' && <small>{text('codes.deleted')}</small>}
        {code !== null && codeState === 'made' && (
          <CopyButton isOneOfMany label={text('codes.copy')} value={code} />
        )}
      </td>
      <td data-name={text('codes.promotion')} data-none={promotionId === null}>
        {promotionId === null ? '–' : promotionName(text, promotions, promotionId)}
      </td>
      <td data-name={text('codes.when')}>
        {text('codes.heard', { when: when(heardAt) })}
        {fulfilledAt !== null && <small>{text('codes.fulfilled', { when: when(fulfilledAt) })}</small>}
        {nextAttemptAt !== null && !waitsForSwitch && (
          <small>{text('codes.nextTry', { when: when(nextAttemptAt) })}</small>
        )}
      </td>
    </tr>
  );
}
