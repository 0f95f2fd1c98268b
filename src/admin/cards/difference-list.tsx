import type { ChannelView, StatusAnswer } from '../../catalog/admin-api.js';
import { useText } from '../use-text.js';

/** What differs in the store from what should be there, each with its storefront where there are several. */
export function DifferenceList(props: {
  readonly channels: readonly ChannelView[];
  readonly status: Pick<StatusAnswer, 'differences' | 'webhooks'>;
}) {
  const { channels, status } = props;
  const text = useText();
  const storefrontOf = (channelId: number): string => {
    const channel = channels.find((one) => one.channelId === channelId);
    return channel && channels.length > 1 ? ` (${channel.name})` : '';
  };
  return (
    <ul>
      {status.differences.map(({ channelId, what, name, action }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may differ twice.
        <li key={index}>
          {text('status.difference', { action, what, name })}
          {storefrontOf(channelId)}
        </li>
      ))}
      {status.webhooks
        .filter(({ isActive }) => !isActive)
        .map(({ scope }) => (
          <li key={scope}>{text('status.webhookInactive', { scope })}</li>
        ))}
    </ul>
  );
}
