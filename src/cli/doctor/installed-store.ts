import type { BigCommerceClient } from '../../store/bigcommerce-client.js';
import { BigCommerceError } from '../../store/bigcommerce-error.js';
import type { Channel, Script, StoreInformation } from '../../store/bigcommerce-types.js';
import { readStore, templateDifferences } from '../../store/plan.js';
import { scriptState, templateState, wantedTemplate } from '../../store/publication.js';
import { storefrontsOf } from '../../store/publish.js';
import { readWidget } from '../../store/release.js';

/** One of our scripts, as a store has it. */
export interface InstalledScript extends Script {
  /** The version of ours that made it. */
  readonly version: string;
  readonly part: string;
}

/** What a store has of ours on the channel of a page. */
export interface InstalledStore {
  readonly features: NonNullable<StoreInformation['features']>;
  /** The storefront that the page is of; `undefined` when the store has none with that host. */
  readonly channel: Channel | undefined;
  readonly isCatalyst: boolean;
  readonly scripts: readonly InstalledScript[];
  /** Our widget template, and whether it is the one of this version. */
  readonly template:
    | { readonly version: string; readonly isCurrent: boolean; readonly outdatedWidgets: number }
    | undefined;
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
  const [{ features = {} }, { stencil, catalyst }, state, widget] = await Promise.all([
    client.storeInformation(),
    storefrontsOf(client),
    readStore(client),
    readWidget(),
  ]);
  const channel = await channelOf(client, host, [...stencil, ...catalyst]);
  const channelId = channel?.id;
  const template = state.templates.find(
    ({ template: text, channel_id }) => templateState(text) && (channel_id ?? channelId) === channelId,
  );
  return {
    features,
    channel,
    isCatalyst: channel !== undefined && catalyst.includes(channel),
    scripts: state.scripts.flatMap((script) => {
      const said = scriptState(script.description);
      return said && said.channelId === channelId ? [{ ...script, ...said }] : [];
    }),
    template:
      template !== undefined && channelId !== undefined
        ? {
            version: templateState(template.template)?.version ?? '',
            isCurrent:
              templateDifferences(wantedTemplate({ channelId }, { widget }).fields, template).length === 0,
            outdatedWidgets: state.widgets.filter(
              ({ widget_template, version_uuid }) =>
                widget_template?.uuid === template.uuid && version_uuid !== template.current_version_uuid,
            ).length,
          }
        : undefined,
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
