import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Session } from '../../catalog/admin-api.js';
import { AppError } from '../app-error.js';
import type { AppDeps } from '../deps.js';
import { OPEN_AGAIN } from './open-again.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Below `/api` only. */
    session: SessionOwner & { readonly email: string };
  }
}

/** Whom a session is for, and since when. */
export interface SessionOwner {
  readonly storeHash: string;
  readonly userId: number;
  /** As BigCommerce has it: `en-US`. */
  readonly locale: string;
  /** When the page was opened. */
  readonly openedAt: Date;
}

const LIFETIME_MS = 10 * 60_000;
/** However often it is renewed, a session ends so long after the page was opened. */
const LONGEST_MS = 12 * 60 * 60_000;

const ALGORITHM = 'HS256';

const claimsSchema = z.object({
  store: z.string(),
  user: z.number(),
  locale: z.string(),
  opened_at: z.number(),
  exp: z.number(),
});

/**
 * Makes a session of ten minutes, or of what is left of the twelve hours after the page was opened.
 *
 * It is no cookie: those of a page in a frame are third-party cookies, and what browsers send by themselves is what forged requests live on.
 */
export async function createSession(
  { config, now }: Pick<AppDeps, 'config' | 'now'>,
  { storeHash, userId, locale, openedAt }: SessionOwner,
): Promise<Session> {
  const end = Math.min(now().getTime() + LIFETIME_MS, openedAt.getTime() + LONGEST_MS);
  const expiresAt = new Date(Math.floor(end / 1_000) * 1_000);
  const token = await new SignJWT({ store: storeHash, user: userId, locale, opened_at: openedAt.getTime() })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(config.appUrl)
    .setAudience(audienceOf(config))
    .setExpirationTime(expiresAt)
    .sign(config.sessionKey);
  return { token, expiresAt: expiresAt.toISOString() };
}

const audienceOf = ({ appUrl }: AppDeps['config']): string => `${appUrl}/api`;

/**
 * Lets requests through that carry a session in `Authorization`, and nowhere else, of a store that has the app and of a user who still
 * may open it.
 *
 * @throws {AppError} `SESSION_MISSING`, `SESSION_EXPIRED`, `SESSION_INVALID`
 */
export function requireSession(deps: AppDeps): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const owner = await readSession(deps, request);
    const { storeHash, userId } = owner;
    const user = await deps.db
      .selectFrom('store_user')
      .innerJoin('store', 'store.store_hash', 'store_user.store_hash')
      .select('store_user.email')
      .where('store_user.store_hash', '=', storeHash)
      .where('store_user.user_id', '=', userId)
      .where('store.uninstalled_at', 'is', null)
      .executeTakeFirst();
    if (!user) throw invalid();
    request.session = { ...owner, email: user.email };
  };
}

/** `POST /api/session` renews the session that it comes with. */
export function sessionRoutes(app: FastifyInstance, deps: AppDeps): void {
  app.post('/session', ({ session }): Promise<Session> => createSession(deps, session));
}

async function readSession({ config, now }: AppDeps, { headers }: FastifyRequest): Promise<SessionOwner> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) {
    throw new AppError('SESSION_MISSING', `the request carries no session. ${OPEN_AGAIN}`, 401);
  }
  const verified = await jwtVerify(token, config.sessionKey, {
    algorithms: [ALGORITHM],
    issuer: config.appUrl,
    audience: audienceOf(config),
    requiredClaims: ['exp'],
    currentDate: now(),
  }).catch((error: unknown) => {
    throw error instanceof errors.JWTExpired ? expired() : invalid();
  });
  const parsed = claimsSchema.safeParse(verified.payload);
  if (!parsed.success) throw invalid();
  const { store, user, locale, opened_at } = parsed.data;
  return { storeHash: store, userId: user, locale, openedAt: new Date(opened_at) };
}

const expired = (): AppError => new AppError('SESSION_EXPIRED', `the session ended. ${OPEN_AGAIN}`, 401);

const invalid = (): AppError =>
  new AppError('SESSION_INVALID', `the session is not valid, or not any more. ${OPEN_AGAIN}`, 401);
