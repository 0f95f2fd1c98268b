import type { FastifyRequest } from 'fastify';
import { ApiError } from './answers.js';
import type { StoreContent } from './store-content.js';

/** What of `GET /v2/store` decides whether and how we can be put into a store. */
export interface StoreFeatures {
  readonly stencil_enabled: boolean;
  readonly checkout_type: 'optimized' | 'single' | 'single_customizable' | 'klarna';
  readonly shopper_consent_tracking_enabled: boolean;
  readonly multi_storefront_enabled: boolean;
}

/** On whose behalf calls are made: an API account that the merchant created, or an app that the store installed. */
export interface ApiAccount {
  /** It sees and changes the scripts and webhooks that were made under the same one, and no others. */
  readonly clientId: string;
  /** OAuth scopes. */
  scopes: ReadonlySet<string>;
}

/** What the routes answer from. */
export interface ApiState {
  readonly content: StoreContent;
  /** The storefront's address. */
  readonly site: () => string;
  /** By access token. */
  readonly accounts: Map<string, ApiAccount>;
  features: StoreFeatures;
  /** Whether a script's html may hold one `<script>` only (BigCommerce's specification) or up to five (its guide). */
  isOneTagPerScript: boolean;
}

/**
 * Who makes a call, by its access token.
 *
 * @throws {ApiError} 401 when the token is nobody's.
 */
export function accountOf({ accounts }: Pick<ApiState, 'accounts'>, { headers }: FastifyRequest): ApiAccount {
  const account = accounts.get(`${headers['x-auth-token']}`);
  if (!account) throw new ApiError(401, 'Unauthorized');
  return account;
}
