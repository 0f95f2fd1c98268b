import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import type { Channel, StoreInformation } from '../../store/bigcommerce-types.js';
import { type FoundScript, isTemplateCurrent, outdatedWidgets, readStore } from '../../store/plan.js';
import { wantedTemplate } from '../../store/publication.js';
import { storefrontsOf } from '../../store/publish.js';
import { readWidget } from '../../store/release.js';
import { scriptsShownAt } from './script-pages.js';

/** What a store has of ours on the channel of a page. */
export interface InstalledStore {
  readonly features: NonNullable<StoreInformation['features']>;
  /** The storefront that the page is of; `undefined` when the store has none with that host. */
  readonly channel: Channel | undefined;
  readonly isCatalyst: boolean;
  readonly scripts: readonly FoundScript[];
  /** Our widget template, and whether it is the one of this version. */
  readonly template: { readonly isCurrent: boolean; readonly outdatedWidgets: number } | undefined;
}

/** What came of asking a store. */
export type StoreAnswer = InstalledStore | { readonly failure: string };

/**
 * Asks a store what it has of ours on the storefront that a page is of. Never rejects because of what BigCommerce answers.
 *
 * @param pageUrl - The page's absolute address.
 */
export async function askStore(client: BigCommerceClient, pageUrl: string): Promise<StoreAnswer> {
  try {
    return await readInstalled(client, new URL(pageUrl).host);
  } catch (error) {
    if (error instanceof BigCommerceError) return { failure: error.message };
    throw error;
  }
}

async function readInstalled(client: BigCommerceClient, host: string): Promise<InstalledStore> {
  const [{ features }, { stencil, catalyst }, state, widget] = await Promise.all([
    client.storeInformation(),
    storefrontsOf(client),
    readStore(client),
    readWidget(),
  ]);
  const channel = await channelOf(client, host, [...stencil, ...catalyst]);
  const isOfChannel = ({ channelId }: { channelId: number }): boolean => channelId === channel?.id;
  const found = state.templates.find(isOfChannel);
  return {
    features: features ?? {},
    channel,
    isCatalyst: channel !== undefined && catalyst.includes(channel),
    scripts: state.scripts.filter(isOfChannel),
    template: found && {
      isCurrent: isTemplateCurrent(wantedTemplate(found.channelId, { widget }).fields, found.template),
      outdatedWidgets: outdatedWidgets(found).length,
    },
  };
}

async function channelOf(
  client: BigCommerceClient,
  host: string,
  channels: readonly Channel[],
): Promise<Channel | undefined> {
  for (const channel of channels) {
    const { url } = await client.site(channel.id);
    if (URL.canParse(url) && new URL(url).host === host) return channel;
  }
  return undefined;
}

/**
 * The scripts of ours that a store has for a page; for one on which BigCommerce may show none, those of the store's other pages.
 *
 * @returns `undefined` when the store could not be asked, or has no such page.
 */
export function scriptsOn(pageUrl: string, store: StoreAnswer): readonly FoundScript[] | undefined {
  if ('failure' in store || !store.channel) return undefined;
  const shown = scriptsShownAt(pageUrl) ?? 'storefront';
  return store.scripts.filter(({ part }) => part.startsWith(shown));
}
