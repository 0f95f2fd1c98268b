import { randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Shopper } from './store-data.js';

/** Who an app is for BigCommerce. The two sign for each other with the secret. */
export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What BigCommerce says about the shopper who is signed in. */
interface CurrentCustomer {
  readonly customer: { readonly id: number; readonly email: string; readonly group_id: string };
  readonly operation: string;
}

/** How long a JWT of Extole's may be used, as Extole asks for at most. */
export const EXTOLE_JWT_SECONDS = 300;

const BIGCOMMERCE_JWT_SECONDS = 900;

/** The two that prove to Extole who is signed in: BigCommerce, and the app's server, which shares a secret with each side. */
export interface Verifiers {
  /** The app's client id at BigCommerce. */
  readonly appClientId: string;
  /** What BigCommerce answers at `/customer/current.jwt`. */
  currentCustomerJwt(shopper: Shopper): Promise<string>;
  /**
   * What the app's server makes of it. Rejects when BigCommerce's JWT is not one, is out of date, or is for another app or store.
   *
   * @param expiresInSeconds - How long Extole will take it.
   */
  extoleJwt(currentCustomerJwt: string, expiresInSeconds: number): Promise<string>;
}

/**
 * Makes a pair of them: BigCommerce, and what stands in for the app's server where the app is not started.
 *
 * Sources: BigCommerce, "Current Customer API"; Extole, "Verifying Consumers".
 */
export function createVerifiers(storeHash: string, app: AppCredentials): Verifiers {
  const appClientId = app.clientId;
  const clientSecret = new TextEncoder().encode(app.clientSecret);
  const extoleKey = randomBytes(32);
  const now = (): number => Math.floor(Date.now() / 1_000);
  return {
    appClientId,
    currentCustomerJwt({ id, email }) {
      const claims: CurrentCustomer & Record<string, unknown> = {
        customer: { id, email, group_id: '1' },
        version: 1,
        application_id: appClientId,
        store_hash: storeHash,
        operation: 'current_customer',
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer('bc/apps')
        .setSubject(storeHash)
        .setAudience(appClientId)
        .setIssuedAt(now())
        .setExpirationTime(now() + BIGCOMMERCE_JWT_SECONDS)
        .sign(clientSecret);
    },
    async extoleJwt(currentCustomerJwt, expiresInSeconds) {
      const { payload } = await jwtVerify<CurrentCustomer>(currentCustomerJwt, clientSecret, {
        algorithms: ['HS256'],
        issuer: 'bc/apps',
        subject: storeHash,
        audience: appClientId,
      });
      if (payload.operation !== 'current_customer') throw new Error('The JWT is for another operation.');
      const { id, email } = payload.customer;
      return new SignJWT({ email, partner_user_id: `${id}` })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'sandbox-partner-key' })
        .setIssuedAt(now())
        .setNotBefore(now() - 60)
        .setExpirationTime(now() + expiresInSeconds)
        .sign(extoleKey);
    },
  };
}
