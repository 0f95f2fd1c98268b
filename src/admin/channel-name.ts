import type { ChannelView } from '../catalog/admin-api.js';

/** What a storefront is called; its number where it is there no more. */
export const channelName = (channels: readonly ChannelView[], channelId: number): string =>
  channels.find((one) => one.channelId === channelId)?.name ?? `${channelId}`;
