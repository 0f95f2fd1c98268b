import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { AppError } from '../app-error.js';
import type { AppDeps, Database } from '../deps.js';
import { OPEN_AGAIN } from './open-again.js';

/** What BigCommerce says of who opens, uninstalls or loses the app. */
export interface SignedPayload {
  readonly storeHash: string;
  /** Who does it or, at `/remove_user`, who is removed. */
  readonly user: { readonly id: number; readonly email: string; readonly locale: string };
  /** The storefront that it was opened for; `null` from the Apps menu. */
  readonly channelId: number | null;
  /** What tells this JWT from all others. */
  readonly fingerprint: Buffer;
  readonly expiresAt: Date;
}

/** How far apart BigCommerce's clock and ours may be. */
const SKEW_SECONDS = 30;

/** The store that a subject, an OAuth context or a webhook's producer names: `stores/abc123`. */
export const storeContextSchema = z
  .string()
  .regex(/^stores\/[a-z0-9]{1,50}$/)
  .transform((context) => context.slice('stores/'.length));

/** A user, as BigCommerce tells of one. */
export const userSchema = z.object({
  id: z.int().min(0),
  email: z.string().max(320),
});

const claimsSchema = z.object({
  sub: storeContextSchema,
  exp: z.number(),
  jti: z.string().optional(),
  user: userSchema.extend({
    // Browsers do not take every text for a language.
    locale: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,35}$/)
      .nullish()
      .catch(null),
  }),
  channel_id: z.int().min(1).nullish(),
});

/**
 * Makes sure that BigCommerce signed it, for us and for now, and reads it. Whether it was used before, {@link useOnce} tells.
 *
 * Source: BigCommerce, "Single-Click App Callbacks", `signed_payload_jwt`. Of the algorithm its samples tell: HS256.
 *
 * @throws {AppError} `SIGNED_PAYLOAD_EXPIRED`, `SIGNED_PAYLOAD_INVALID`
 */
export async function readSignedPayload(
  { config, now }: Pick<AppDeps, 'config' | 'now'>,
  jwt: unknown,
): Promise<SignedPayload> {
  if (typeof jwt !== 'string') throw invalid();
  const verified = await jwtVerify(jwt, Buffer.from(config.clientSecret), {
    algorithms: ['HS256'],
    audience: config.clientId,
    issuer: 'bc',
    requiredClaims: ['exp', 'iat', 'nbf', 'sub'],
    clockTolerance: SKEW_SECONDS,
    // BigCommerce's end after a day. It also keeps out one that was issued in the future.
    maxTokenAge: '25h',
    currentDate: now(),
  }).catch((error: unknown) => {
    throw error instanceof errors.JWTExpired ? expired() : invalid();
  });
  const parsed = claimsSchema.safeParse(verified.payload);
  if (!parsed.success) throw invalid();
  const { sub, exp, jti, user, channel_id } = parsed.data;
  return {
    storeHash: sub,
    user: { ...user, locale: user.locale ?? '' },
    channelId: channel_id ?? null,
    fingerprint: createHash('sha256')
      .update(jti ?? jwt)
      .digest(),
    expiresAt: new Date((exp + SKEW_SECONDS) * 1_000),
  };
}

/**
 * Notes that a JWT is used, so that nobody uses it again.
 *
 * @param db - The transaction that does what it is used for.
 * @returns Whether this is its first use.
 */
export async function useOnce(db: Database, { fingerprint, expiresAt }: SignedPayload): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('used_jwt')
    .values({ jwt_hash: fingerprint, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const invalid = (): AppError =>
  new AppError(
    'SIGNED_PAYLOAD_INVALID',
    `that is no request which BigCommerce signed for this app. ${OPEN_AGAIN}`,
    401,
  );

const expired = (): AppError =>
  new AppError('SIGNED_PAYLOAD_EXPIRED', `what BigCommerce signed has ended by now. ${OPEN_AGAIN}`, 401);

/** The error that says that a JWT was used before. */
export const alreadyUsed = (): AppError =>
  new AppError(
    'SIGNED_PAYLOAD_USED',
    `this page was opened before, and each opening counts once. ${OPEN_AGAIN}`,
    409,
  );
