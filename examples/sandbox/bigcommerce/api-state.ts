import type { StoreContent } from './store-content.js';

/** What of `GET /v2/store` decides whether and how we can be put into a store. */
export interface StoreFeatures {
  readonly stencil_enabled: boolean;
  readonly checkout_type: 'optimized' | 'single' | 'single_customizable' | 'klarna';
  readonly shopper_consent_tracking_enabled: boolean;
  readonly multi_storefront_enabled: boolean;
}

/** What the routes answer from. */
export interface ApiState {
  readonly content: StoreContent;
  /** The storefront's address. */
  readonly site: () => string;
  /** The OAuth scopes of the access token. */
  scopes: ReadonlySet<string>;
  features: StoreFeatures;
  /** Whether a script's html may hold one `<script>` only (BigCommerce's specification) or up to five (its guide). */
  isOneTagPerScript: boolean;
}
