import type { Failure } from '../../catalog/admin-api.js';
import type { RewardChannelView, RewardsAnswer } from '../../catalog/rewards-api.js';

/** What needs the merchant, or is worth knowing. */
export type Finding =
  /** The app may not work with promotions. */
  | { readonly what: 'no-scope' }
  /** A storefront is switched off, though its rewards are not: they wait. */
  | { readonly what: 'storefront-off'; readonly channelId: number }
  /** One has no access token of Extole's, */
  | { readonly what: 'no-token'; readonly channelId: number }
  /** no client key, though webhooks are to come in, */
  | { readonly what: 'no-key'; readonly channelId: number }
  /** or nothing that leads a supplier to a promotion. */
  | { readonly what: 'no-promotion'; readonly channelId: number }
  /** Extole could not be asked for rewards. */
  | {
      readonly what: 'poll-failed';
      readonly channelId: number;
      readonly failure: Pick<Failure, 'code' | 'message'>;
    }
  | { readonly what: 'failed'; readonly count: number }
  /** Nothing leads the suppliers of rewards to a promotion, so nothing is done about them. */
  | { readonly what: 'unknown-supplier'; readonly count: number }
  /** Rewards wait for longer than is usual. */
  | { readonly what: 'waiting'; readonly count: number; readonly seconds: number }
  /** Rewards are switched off at every storefront. */
  | { readonly what: 'off' };

/** In a quarter of an hour a reward is tried several times. */
const LONG_WAIT_SECONDS = 15 * 60;

/** What a merchant has to know of how the rewards stand; empty when all is well. */
export function findingsOf(answer: RewardsAnswer, now: Date): readonly Finding[] {
  const { channels, counts, waitingForSwitch, unknownSupplier, oldestWaitingAt, hasPromotionScope } = answer;
  const leaders = channels.filter(({ followsChannelId }) => followsChannelId === null);
  const enabled = leaders.filter(({ settings }) => settings.isEnabled);
  const waitingSeconds = oldestWaitingAt === null ? 0 : (now.getTime() - Date.parse(oldestWaitingAt)) / 1_000;
  const findings: Finding[] = enabled.flatMap(findingsOfChannel);
  if (!hasPromotionScope) findings.unshift({ what: 'no-scope' });
  if (counts.failed > 0) findings.push({ what: 'failed', count: counts.failed });
  if (unknownSupplier > 0) findings.push({ what: 'unknown-supplier', count: unknownSupplier });
  if (waitingSeconds >= LONG_WAIT_SECONDS) {
    findings.push({ what: 'waiting', count: counts.waiting - waitingForSwitch, seconds: waitingSeconds });
  }
  if (leaders.length > 0 && enabled.length === 0) findings.push({ what: 'off' });
  return findings;
}

function findingsOfChannel(channel: RewardChannelView): Finding[] {
  const { channelId, settings, isStorefrontEnabled, hasAccessToken, webhookKey, pollFailure } = channel;
  const findings: Finding[] = [];
  if (!isStorefrontEnabled) findings.push({ what: 'storefront-off', channelId });
  if (!hasAccessToken) findings.push({ what: 'no-token', channelId });
  if (settings.intake === 'webhook' && webhookKey === null) findings.push({ what: 'no-key', channelId });
  if (!settings.usesPartnerSupplierIds && settings.suppliers.length === 0) {
    findings.push({ what: 'no-promotion', channelId });
  }
  // Without a token nothing can be asked for, which is told already.
  if (pollFailure && hasAccessToken) findings.push({ what: 'poll-failed', channelId, failure: pollFailure });
  return findings;
}
