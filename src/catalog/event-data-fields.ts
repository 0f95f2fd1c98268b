/**
 * The default event data, in the order in which Page Builder offers it. The first four are about the shopper and
 * are known only while one is signed in.
 *
 * Source: Extole, "BigCommerce" guide, "Custom Data in Marketing Tags".
 */
export const DEFAULT_FIELDS = ['first_name', 'last_name', 'email', 'partner_user_id', 'locale'] as const;

/** The name of a default event data field. */
export type DefaultField = (typeof DEFAULT_FIELDS)[number];
