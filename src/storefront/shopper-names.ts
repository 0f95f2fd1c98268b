import { lookUp } from './placeholders.js';
import type { Customer } from './types.js';

/**
 * Asks BigCommerce for the first and last name of the shopper who is signed in, since its pages have the full name only.
 *
 * Source: BigCommerce, GraphQL Storefront API, `customer`.
 *
 * @param token - A token of the GraphQL Storefront API, as BigCommerce prints it into its pages.
 * @returns The customer with both names, or as it was when BigCommerce knows another shopper or none. Rejects when
 *   BigCommerce can't be reached or answers something else.
 */
export async function withNames(customer: Customer, token: string): Promise<Customer> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ customer { entityId firstName lastName } }' }),
  });
  const answer: unknown = await response.json();
  const read = (field: string): string => `${lookUp(answer, ['data', 'customer', field]) ?? ''}`;
  if (read('entityId') !== `${customer.id}`) return customer;
  return { ...customer, first_name: read('firstName'), last_name: read('lastName') };
}
