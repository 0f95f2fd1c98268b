import type { FastifyInstance } from 'fastify';
import { answerList, type Query } from './answers.js';
import type { ApiState } from './api-state.js';

/**
 * `/v3/catalog/products` and `/v3/catalog/categories`, as far as they name a product's categories.
 *
 * Source: BigCommerce, catalog/products_catalog.v3.yml, catalog/categories_catalog.v3.yml.
 */
export function catalogRoutes(app: FastifyInstance, { content }: ApiState): void {
  app.get<{ Querystring: Query }>('/products', ({ query }) => {
    const { include_fields: names, ...rest } = query;
    return answerList(rest, content.products.values(), { 'id:in': ({ id }) => id }, (product) =>
      only(product, names),
    );
  });
  app.get<{ Querystring: Query }>('/categories', ({ query }) => {
    const { include_fields: names, ...rest } = query;
    return answerList(rest, content.categories.values(), { 'id:in': ({ id }) => id }, (category) =>
      only(category, names),
    );
  });
}

/** What was asked for of a record; its id is always there. All of it without a list of names. */
function only(record: object, names: string | undefined): object {
  if (names === undefined) return record;
  const wanted = new Set(['id', ...names.split(',')]);
  return Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)));
}
