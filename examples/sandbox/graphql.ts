import type { Shopper } from './store-data.js';

/** The fields of a customer that the sandbox knows, by their names in the GraphQL Storefront API. */
const FIELDS = new Map<string, (shopper: Shopper) => unknown>([
  ['entityId', ({ id }) => id],
  ['firstName', ({ firstName }) => firstName],
  ['lastName', ({ lastName }) => lastName],
  ['email', ({ email }) => email],
]);

/**
 * Answers a query of BigCommerce's GraphQL Storefront API, as far as `{ customer { … } }` with plain fields goes.
 *
 * @param body - The JSON body: `{ query }`.
 * @param shopper - Who is signed in; a guest's `customer` is `null`.
 * @returns The HTTP status and the JSON to answer with.
 */
export function answerGraphql(body: unknown, shopper: Shopper | undefined): { status: number; body: object } {
  const query = typeof body === 'object' && body !== null && 'query' in body ? `${body.query}` : '';
  const selection = /^\s*(?:query\b[^{]*)?\{\s*customer\s*\{([\w\s,]+)\}\s*\}\s*$/.exec(query)?.[1];
  if (selection === undefined) {
    return problem('The sandbox answers queries like { customer { entityId firstName lastName } } only.');
  }
  const names = selection.split(/[\s,]+/).filter(Boolean);
  const unknown = names.find((name) => !FIELDS.has(name));
  if (unknown) return problem(`Cannot query field "${unknown}" on type "Customer".`);
  const customer = shopper && Object.fromEntries(names.map((name) => [name, FIELDS.get(name)?.(shopper)]));
  return { status: 200, body: { data: { customer: customer ?? null } } };
}

const problem = (message: string) => ({ status: 400, body: { errors: [{ message }] } });
