import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { PAGE, type Query, readFields } from './answers.js';
import type { ApiState } from './api-state.js';
import { archiveOrder, findOrder, type OrderRecord, setOrderStatus } from './orders.js';

/** RFC 2822 or ISO 8601, as whole seconds: BigCommerce's orders know no smaller ones. */
const DATE = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'Has to be a date in RFC 2822 or ISO 8601.')
  .transform((text) => Math.floor(Date.parse(text) / 1_000))
  .optional();
const ID = z.coerce.number().int().min(0).optional();
const SORTED = ['id', 'customer_id', 'date_created', 'date_modified', 'status_id', 'channel_id'] as const;

const LIST = PAGE.extend({
  min_id: ID,
  max_id: ID,
  customer_id: ID,
  status_id: ID,
  channel_id: ID,
  email: z.string().optional(),
  min_date_created: DATE,
  max_date_created: DATE,
  min_date_modified: DATE,
  max_date_modified: DATE,
  sort: z.templateLiteral([z.enum(SORTED), z.enum(['', ':asc', ':desc'])]).default('id'),
}).strict();

const CHANGES = z.object({
  status_id: z.int().min(0).max(14).optional(),
  is_deleted: z.boolean().optional(),
});

interface OrderParams {
  readonly Params: { readonly id: string };
  readonly Querystring: Query;
}

/**
 * `/v2/orders`. A list without members is answered with 204, as everywhere in version 2 of the API.
 *
 * Source: BigCommerce, orders.v2.oas2.yml.
 */
export function orderRoutes(app: FastifyInstance, { content }: ApiState): void {
  const { storeHash } = content;
  const toAnswer = ({ fields }: OrderRecord): object => {
    const resources = Object.entries(SUB_RESOURCES).map(([name, path]) => {
      const resource = `/orders/${fields.id}/${path}`;
      return [name, { url: `https://api.bigcommerce.com/stores/${storeHash}/v2${resource}`, resource }];
    });
    return { ...fields, ...Object.fromEntries(resources) };
  };
  const find = (id: string): OrderRecord => findOrder(content, Number(id));

  app.get<{ Querystring: Query }>('', ({ query }, reply) => {
    const { page, limit, sort, ...filters } = readFields(LIST, query);
    const kept = [...content.orders.values()].filter((order) => isKept(order, filters)).sort(byOrder(sort));
    return sendList(reply, kept.slice((page - 1) * limit, page * limit).map(toAnswer));
  });

  app.get<OrderParams>('/:id', ({ params }) => toAnswer(find(params.id)));

  app.put<OrderParams>('/:id', ({ params, body }) => {
    const { status_id, is_deleted } = readFields(CHANGES, body);
    let order = find(params.id);
    const { id } = order.fields;
    if (status_id !== undefined) order = setOrderStatus(content, id, status_id);
    if (is_deleted) order = archiveOrder(content, id);
    return toAnswer(order);
  });

  app.delete<OrderParams>('/:id', ({ params }, reply) => {
    archiveOrder(content, find(params.id).fields.id);
    return reply.code(204).send();
  });

  for (const [name, membersOf] of Object.entries(MEMBERS)) {
    app.get<OrderParams>(`/:id/${name}`, ({ params, query }, reply) => {
      const { page, limit } = readFields(PAGE.strict(), query);
      return sendList(reply, membersOf(find(params.id)).slice((page - 1) * limit, page * limit));
    });
  }
}

/**
 * `/v3/orders/{id}/payment_actions/refunds`.
 *
 * Source: BigCommerce, orders.v3.yml.
 */
export function orderRefundRoutes(app: FastifyInstance, { content }: ApiState): void {
  app.get<OrderParams>('/:id/payment_actions/refunds', ({ params }) => ({
    data: findOrder(content, Number(params.id)).refunds,
    meta: {},
  }));
}

/** The names of an order's sub-resources, and where they are. */
const SUB_RESOURCES = { products: 'products', shipping_addresses: 'shippingaddresses', coupons: 'coupons' };

const MEMBERS: Readonly<Record<string, (order: OrderRecord) => readonly object[]>> = {
  products: ({ products }) => products,
  coupons: ({ coupons }) => coupons,
  shipping_addresses: ({ shippingAddresses }) => shippingAddresses,
};

const sendList = (reply: FastifyReply, members: readonly object[]): FastifyReply =>
  members.length > 0 ? reply.send(members) : reply.code(204).send();

type ListFilters = Omit<z.infer<typeof LIST>, 'page' | 'limit' | 'sort'>;

function isKept({ fields, createdAtSeconds, modifiedAtSeconds }: OrderRecord, filters: ListFilters): boolean {
  const isIn = (value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): boolean =>
    value >= min && value <= max;
  const isSame = <T>(value: T, wanted: T | undefined): boolean => wanted === undefined || value === wanted;
  return (
    isIn(fields.id, filters.min_id, filters.max_id) &&
    isIn(modifiedAtSeconds, filters.min_date_modified, filters.max_date_modified) &&
    isIn(createdAtSeconds, filters.min_date_created, filters.max_date_created) &&
    isSame(fields.customer_id, filters.customer_id) &&
    isSame(fields.status_id, filters.status_id) &&
    isSame(fields.channel_id, filters.channel_id) &&
    isSame(fields.billing_address.email, filters.email)
  );
}

const SORT_KEYS: Readonly<Record<(typeof SORTED)[number], (order: OrderRecord) => number>> = {
  id: ({ fields }) => fields.id,
  customer_id: ({ fields }) => fields.customer_id,
  date_created: ({ createdAtSeconds }) => createdAtSeconds,
  date_modified: ({ modifiedAtSeconds }) => modifiedAtSeconds,
  status_id: ({ fields }) => fields.status_id,
  channel_id: ({ fields }) => fields.channel_id,
};

/** Orders that are alike in what they are sorted by come by their ids. */
function byOrder(sort: z.infer<typeof LIST>['sort']): (a: OrderRecord, b: OrderRecord) => number {
  const name = SORTED.find((known) => sort.split(':')[0] === known) ?? 'id';
  const keyOf = SORT_KEYS[name];
  const direction = sort.endsWith(':desc') ? -1 : 1;
  return (a, b) => direction * (keyOf(a) - keyOf(b) || a.fields.id - b.fields.id);
}
