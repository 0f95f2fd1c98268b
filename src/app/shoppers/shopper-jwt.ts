import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { AppConfig } from '../config.js';

/** Who is signed in, and where. */
export interface VerifiedShopper {
  readonly storeHash: string;
  readonly customerId: number;
  readonly email: string;
}

/** For how long Extole takes its JWT. Its documents want 1 to 5 minutes. */
export const EXTOLE_JWT_SECONDS = 300;

/** Clocks of Extole's may be behind ours. */
const NOT_BEFORE_SECONDS = 60;

/** BigCommerce's clocks may be ahead of ours, or behind. */
const TOLERANCE_SECONDS = 5;

/** Guests have no JWT, and no customer has the id 0: it would make one person of all who had it. */
const claimsSchema = z
  .object({
    operation: z.literal('current_customer'),
    sub: z.string(),
    store_hash: z.string().min(1),
    customer: z.object({ id: z.int().min(1), email: z.string().min(1).max(256) }),
  })
  .refine(({ sub, store_hash }) => sub === store_hash);

/**
 * Reads BigCommerce's JWT of who is signed in to a storefront.
 *
 * Source: BigCommerce, "Current Customer API", OpenAPI file current_customer.
 *
 * @returns `undefined` unless BigCommerce signed it for this app, and for a shopper, and it holds now.
 */
export async function readCurrentCustomer(
  { clientId, clientSecret }: Pick<AppConfig, 'clientId' | 'clientSecret'>,
  jwt: string,
  now: Date,
): Promise<VerifiedShopper | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, bytesOf(clientSecret), {
      algorithms: ['HS256'],
      audience: clientId,
      issuer: 'bc/apps',
      requiredClaims: ['exp'],
      currentDate: now,
      clockTolerance: TOLERANCE_SECONDS,
    });
    const claims = claimsSchema.safeParse(payload).data;
    return (
      claims && {
        storeHash: claims.store_hash,
        customerId: claims.customer.id,
        email: claims.customer.email,
      }
    );
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/**
 * Tells Extole who a shopper is.
 *
 * Source: Extole, "Verifying Consumers".
 *
 * @param key - What Extole's Security Center shows under `keyId`.
 */
export function signExtoleJwt(
  { customerId, email }: VerifiedShopper,
  { key, keyId }: { readonly key: string; readonly keyId: string },
  now: Date,
): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1_000);
  return new SignJWT({ email, partner_user_id: `${customerId}` })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keyId })
    .setIssuedAt(seconds)
    .setNotBefore(seconds - NOT_BEFORE_SECONDS)
    .setExpirationTime(seconds + EXTOLE_JWT_SECONDS)
    .sign(bytesOf(key));
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
