import type { FastifyInstance } from 'fastify';
import type { ApiState } from './api-state.js';
import { siteIdOf } from './channels.js';
import { defaultChannelId } from './store-content.js';

/**
 * `/v2/store`.
 *
 * Source: BigCommerce, store_information.v2.yml.
 */
export function storeInformationRoutes(app: FastifyInstance, state: ApiState): void {
  app.get('', () => {
    const { storeHash, name } = state.content;
    const url = state.site();
    const channelId = defaultChannelId(state.content);
    return {
      id: storeHash,
      domain: new URL(url).host,
      secure_url: url,
      control_panel_base_url: `https://store-${storeHash}.mybigcommerce.com`,
      status: 'live',
      name,
      country: 'United States',
      country_code: 'US',
      language: 'en',
      currency: 'USD',
      currency_symbol: '$',
      decimal_places: 2,
      plan_level: 'Standard',
      default_channel_id: channelId,
      default_site_id: siteIdOf(channelId),
      features: {
        ...state.features,
        graphql_storefront_api_enabled: true,
        storefront_limits: { active: 3, total_including_inactive: 4 },
      },
    };
  });
}
