import type { FastifyInstance } from 'fastify';
import { ORDER_STATUSES } from '../../../src/catalog/settings.js';
import type { ApiState } from './api-state.js';

/**
 * `/v2/order_statuses`.
 *
 * Source: BigCommerce, orders.v2.oas2.yml.
 */
export function orderStatusRoutes(app: FastifyInstance, { content }: ApiState): void {
  app.get('', () =>
    Object.entries(ORDER_STATUSES).map(([id, name]) => ({
      id: Number(id),
      name,
      system_label: name,
      custom_label: content.orderStatusLabels.get(Number(id)) ?? name,
      system_description: `What "${name}" means is BigCommerce's to say.`,
    })),
  );
}
