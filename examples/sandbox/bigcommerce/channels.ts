import type { FastifyInstance } from 'fastify';
import { answerList, answerOne, notFound, type Query } from './answers.js';
import type { ApiState } from './api-state.js';
import type { ChannelRecord, StoreContent } from './store-content.js';

/** When the store's channels came into being; nothing depends on it. */
const CREATED = '2024-01-02T03:04:05Z';

/**
 * `/v3/channels`.
 *
 * Source: BigCommerce, channels.v3.yml.
 */
export function channelRoutes(app: FastifyInstance, { content }: ApiState): void {
  app.get<{ Querystring: Query }>('', ({ query }) =>
    answerList(
      query,
      content.channels.values(),
      {
        // All statuses that a channel of ours can have are available ones.
        available: () => true,
        'type:in': () => TYPE,
        'platform:in': ({ platform }) => platform,
        'status:in': ({ status }) => status,
      },
      toAnswer,
    ),
  );
  app.get<{ Params: { id: string } }>('/:id', ({ params }) => answerOne(toAnswer(find(content, params.id))));
}

/**
 * `/v3/channels/{channel_id}/site`. All channels have the one storefront.
 *
 * Source: BigCommerce, channels.v3.yml.
 */
export function siteRoutes(app: FastifyInstance, { content, site }: ApiState): void {
  app.get<{ Params: { id: string } }>('/:id/site', ({ params }) => {
    const { id } = find(content, params.id);
    const url = site();
    const dates = { created_at: CREATED, updated_at: CREATED };
    return answerOne({
      id: siteIdOf(id),
      url,
      channel_id: id,
      ...dates,
      ssl_status: 'dedicated',
      urls: (['primary', 'canonical', 'checkout'] as const).map((type) => ({ url, type, ...dates })),
      is_checkout_url_customized: false,
    });
  });
}

/** The first channel's site is 1000, as in BigCommerce's stores. */
export const siteIdOf = (channelId: number): number => 999 + channelId;

const TYPE = 'storefront';

function find({ channels }: StoreContent, id: string): ChannelRecord {
  const channel = channels.get(Number(id));
  if (!channel) throw notFound(`Channel ${id}`);
  return channel;
}

function toAnswer(channel: ChannelRecord): object {
  return {
    ...channel,
    type: TYPE,
    external_id: '',
    icon_url: 'https://storage.googleapis.com/bigcommerce-production-dev-center/images/bigcommerce_icon.svg',
    is_listable_from_ui: true,
    is_visible: true,
    date_created: CREATED,
    date_modified: CREATED,
  };
}
