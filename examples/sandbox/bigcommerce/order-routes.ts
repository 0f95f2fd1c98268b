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
    const { page, limit, sort, min_id = 0, ...filters } = readFields(LIST, query);
    const isKept = filterOf(filters);
    const isById = sort === 'id' || sort === 'id:asc';
    const kept: OrderRecord[] = [];
    for (const order of content.orders.from(min_id)) {
      if (!isKept(order)) continue;
      kept.push(order);
      if (isById && kept.length === page * limit) break;
    }
    if (!isById) kept.sort(byOrder(sort));
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

type ListFilters = Omit<z.infer<typeof LIST>, 'page' | 'limit' | 'sort' | 'min_id'>;

/** Looks at nothing that was not asked for. */
function filterOf(filters: ListFilters): (order: OrderRecord) => boolean {
  const tests = Object.entries(filters).flatMap(([name, wanted]) => {
    const test = TESTS.get(name);
    return test && wanted !== undefined ? [(order: OrderRecord) => test(order, wanted)] : [];
  });
  return (order) => tests.every((test) => test(order));
}

const TESTS = new Map<string, (order: OrderRecord, wanted: string | number) => boolean>([
  ['max_id', ({ fields }, id) => fields.id <= Number(id)],
  ['min_date_created', ({ createdAtSeconds }, seconds) => createdAtSeconds >= Number(seconds)],
  ['max_date_created', ({ createdAtSeconds }, seconds) => createdAtSeconds <= Number(seconds)],
  ['min_date_modified', ({ modifiedAtSeconds }, seconds) => modifiedAtSeconds >= Number(seconds)],
  ['max_date_modified', ({ modifiedAtSeconds }, seconds) => modifiedAtSeconds <= Number(seconds)],
  ['customer_id', ({ fields }, id) => fields.customer_id === id],
  ['status_id', ({ fields }, id) => fields.status_id === id],
  ['channel_id', ({ fields }, id) => fields.channel_id === id],
  ['email', ({ fields }, email) => fields.billing_address.email === email],
]);

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
