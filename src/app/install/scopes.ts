/**
 * The OAuth scopes that the app works with, as the Developer Portal names them. One that may change things may read them too.
 *
 * Source: BigCommerce, "API Accounts and OAuth Scopes".
 */
export const NEEDED_SCOPES = {
  store_v2_content: 'Content: modify',
  store_v2_orders_read_only: 'Orders: read-only',
  // Only for what custom event data says of a product's category.
  store_v2_products_read_only: 'Products: read-only',
  // Coupon codes for rewards.
  store_v2_marketing: 'Marketing: modify',
  store_v2_information_read_only: 'Information & Settings: read-only',
  store_channel_settings_read_only: 'Channel Settings: read-only',
  store_sites_read_only: 'Sites & Routes: read-only',
} as const;

/** Which of {@link NEEDED_SCOPES} are not among the granted ones, by the Developer Portal's names. */
export function missingScopes(granted: string): string[] {
  const given = new Set(granted.split(' '));
  return Object.entries(NEEDED_SCOPES)
    .filter(([scope]) => !given.has(scope) && !given.has(scope.replace(/_read_only$/, '')))
    .map(([, name]) => name);
}
