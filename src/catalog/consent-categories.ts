/** The categories of BigCommerce's consent banner. Source: OpenAPI file scripts.v3, `consent_category`. */
export const CONSENT_CATEGORIES = ['essential', 'functional', 'analytics', 'targeting'] as const;

/** One of BigCommerce's consent categories. */
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];
