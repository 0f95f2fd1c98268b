import { Button, Link, Panel } from '@bigcommerce/big-design';
import type { ChannelView } from '../../catalog/admin-api.js';
import type { RewardsAnswer } from '../../catalog/rewards-api.js';
import { channelName } from '../channel-name.js';
import { Figures } from '../parts/figures.js';
import { Row, Stack } from '../parts/layout.js';
import { Verdict } from '../parts/verdict.js';
import { useFormats } from '../use-formats.js';
import { addressOf } from '../use-page.js';
import { type Finding, findingsOf } from './findings.js';
import { rewardFailureText } from './reward-text.js';
import { useRewardsText } from './rewards-messages.js';

/** In the order in which a merchant asks. */
const STATES = ['waiting', 'fulfilled', 'failed', 'canceled', 'ignored'] as const;

/** How many rewards there are of each state, and what needs the merchant. */
export function Standing(props: {
  readonly rewards: RewardsAnswer;
  readonly channels: readonly ChannelView[];
  readonly onShowFailed: () => void;
}) {
  const { rewards, channels, onShowFailed } = props;
  const text = useRewardsText();
  const { count } = useFormats();
  const findings = findingsOf(rewards, new Date());
  return (
    <Panel header={text('stand.header')}>
      <Stack>
        <Figures>
          {STATES.map((state) => (
            <div key={state}>
              <dt>{text(`state.${state}`)}</dt>
              <dd>{count(rewards.counts[state])}</dd>
            </div>
          ))}
        </Figures>
        <Stack $gap="xSmall" aria-live="polite">
          {findings.length === 0 && <Verdict kind="success">{text('finding.none')}</Verdict>}
          {findings.map((finding) => (
            <Sentence
              channels={channels}
              finding={finding}
              key={'channelId' in finding ? `${finding.what} ${finding.channelId}` : finding.what}
            />
          ))}
        </Stack>
        {rewards.counts.failed > 0 && (
          <Row>
            <Button mobileWidth="auto" onClick={onShowFailed} type="button" variant="secondary">
              {text('finding.showFailed')}
            </Button>
          </Row>
        )}
      </Stack>
    </Panel>
  );
}

function Sentence(props: { readonly finding: Finding; readonly channels: readonly ChannelView[] }) {
  const { finding, channels } = props;
  const text = useRewardsText();
  const { age } = useFormats();
  switch (finding.what) {
    case 'no-scope':
      return <Verdict kind="danger">{text('finding.noScope')}</Verdict>;
    case 'storefront-off':
      return (
        <Verdict kind="warning">
          {text('finding.storefrontOff', { name: channelName(channels, finding.channelId) })}{' '}
          <Link href={addressOf('settings')}>{text('finding.step1')}</Link>
        </Verdict>
      );
    case 'no-token':
      return (
        <Verdict kind="danger">
          {text('finding.noToken', { name: channelName(channels, finding.channelId) })}{' '}
          <Link href={addressOf('settings')}>{text('finding.step1')}</Link>
        </Verdict>
      );
    case 'no-key':
      return (
        <Verdict kind="danger">
          {text('finding.noKey', { name: channelName(channels, finding.channelId) })}
        </Verdict>
      );
    case 'no-promotion':
      return (
        <Verdict kind="danger">
          {text('finding.noPromotion', { name: channelName(channels, finding.channelId) })}
        </Verdict>
      );
    case 'poll-failed':
      return (
        <Verdict kind="warning">
          {text('finding.pollFailed', {
            name: channelName(channels, finding.channelId),
            reason: rewardFailureText(text, finding.failure),
          })}
        </Verdict>
      );
    case 'failed':
      return <Verdict kind="danger">{text('finding.failed', { count: finding.count })}</Verdict>;
    case 'unknown-supplier':
      return <Verdict kind="warning">{text('finding.unknownSupplier', { count: finding.count })}</Verdict>;
    case 'waiting':
      return (
        <Verdict kind="warning">
          {text('finding.waiting', { count: finding.count, age: age(finding.seconds) })}
        </Verdict>
      );
    case 'off':
      return <Verdict kind="warning">{text('finding.off')}</Verdict>;
  }
}
