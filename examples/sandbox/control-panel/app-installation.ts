import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { BigCommerceApi } from '../bigcommerce/api.js';
import { OWNER, type StaffMember } from './staff.js';

/** An app as BigCommerce's developer portal has it. */
export interface AppRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  readonly summary: string;
  /** The OAuth scopes that it asks for, each with what a merchant is told of it. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Its origin. Its callbacks are `/auth`, `/load`, `/uninstall` and `/remove_user` there. */
  readonly url: string;
}

/** What `POST /oauth2/token` answers. */
export interface TokenAnswer {
  readonly access_token: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly user: { readonly id: number; readonly username: string; readonly email: string };
  readonly owner: { readonly id: number; readonly username: string; readonly email: string };
  readonly context: string;
  readonly account_uuid: string;
}

/** Why a code was not exchanged for a token, in the words of RFC 6749. BigCommerce documents none. */
export class OAuthError extends Error {
  constructor(
    readonly status: number,
    readonly code: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope',
    description: string,
  ) {
    super(description);
  }
}

/** An app in the store: whether it is in it, who may open it, and what BigCommerce tells it. */
export interface AppInstallation {
  readonly app: AppRegistration;
  /** Whether the app took the token that comes of accepting its scopes. */
  readonly isInstalled: boolean;
  /** Where the browser of a user who accepts its scopes goes: the app's `/auth`, with a code that is good once. */
  accept(user: StaffMember, options?: { readonly isExternal?: boolean }): string;
  /**
   * Exchanges a code for an access token, which is the only one from then on.
   *
   * @param said - The body of the app's `POST /oauth2/token`.
   * @throws {OAuthError} When it is not exactly what it should be, or the code was used.
   */
  exchange(said: unknown): TokenAnswer;
  mayOpen(user: StaffMember): boolean;
  /** Lets a user open it. */
  admit(user: StaffMember): void;
  /** Lets a user open it no more, and tells it. */
  remove(user: StaffMember): Promise<void>;
  /** The address that opens it for a user, and for nobody else: its `/load`, with a JWT of now. */
  loadUrl(user: StaffMember, locale: string): Promise<string>;
  /**
   * Takes it out of the store, and then tells it: its token is good for nothing any more. BigCommerce does not say whether it still is
   * at that moment, so an app that needs it should fail here.
   */
  uninstall(user: StaffMember): Promise<void>;
}

const JWT_SECONDS = 24 * 60 * 60;
const CODE_LIFETIME_MS = 10 * 60 * 1_000;

const EXCHANGE = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  code: z.string(),
  context: z.string(),
  scope: z.string(),
  grant_type: z.literal('authorization_code'),
  redirect_uri: z.string(),
});

/**
 * Keeps one app for one store, not installed at first.
 *
 * Source: BigCommerce, "Single-Click App OAuth Flow", "Single-Click App Callback Handlers", "Supporting Multiple Users".
 *
 * @param api - Where the app comes in, and goes out.
 */
export function createAppInstallation(
  app: AppRegistration,
  store: {
    readonly storeHash: string;
    readonly api: () => Pick<BigCommerceApi, 'addApp' | 'removeApp'>;
  },
): AppInstallation {
  const context = `stores/${store.storeHash}`;
  const scopes = Object.keys(app.scopes);
  const scope = scopes.join(' ');
  const redirectUri = `${app.url}/auth`;
  const accountUuid = randomUUID();
  const codes = new Map<string, { readonly user: StaffMember; readonly endsAt: number }>();
  const admitted = new Set<number>();
  let isInstalled = false;

  const payloadFor = ({ id, email }: StaffMember, locale: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      user: { id, email, locale },
      owner: { id: OWNER.id, email: OWNER.email },
      url: '/',
      channel_id: null,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setAudience(app.clientId)
      .setIssuer('bc')
      .setIssuedAt(now)
      .setNotBefore(now - 5)
      .setExpirationTime(now + JWT_SECONDS)
      .setJti(randomUUID())
      .setSubject(context)
      .sign(new TextEncoder().encode(app.clientSecret));
  };
  const callbackUrl = async (path: string, user: StaffMember, locale: string): Promise<string> =>
    `${app.url}${path}?${new URLSearchParams({ signed_payload_jwt: await payloadFor(user, locale) })}`;

  /** What the store decided stands, whatever the app answers, and whether it does. */
  const tell = async (path: string, user: StaffMember): Promise<void> => {
    try {
      const response = await fetch(await callbackUrl(path, user, 'en-US'), {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) console.error(`${app.name} answered ${path} with ${response.status}.`);
    } catch (error) {
      console.error(`${app.name} did not answer ${path}: ${error}`);
    }
  };

  return {
    app,
    get isInstalled() {
      return isInstalled;
    },
    accept(user, { isExternal } = {}) {
      const code = randomBytes(16).toString('hex');
      codes.set(code, { user, endsAt: Date.now() + CODE_LIFETIME_MS });
      const said = { account_uuid: accountUuid, code, context, scope };
      return `${redirectUri}?${new URLSearchParams({ ...said, ...(isExternal && { external_install: 'true' }) })}`;
    },
    exchange(said) {
      const read = EXCHANGE.safeParse(said);
      if (!read.success) throw new OAuthError(400, 'invalid_request', z.prettifyError(read.error));
      const asked = read.data;
      if (asked.client_id !== app.clientId || asked.client_secret !== app.clientSecret)
        throw new OAuthError(401, 'invalid_client', 'No app has this client id and secret.');
      const granted = codes.get(asked.code);
      codes.delete(asked.code);
      if (!granted || granted.endsAt < Date.now())
        throw new OAuthError(400, 'invalid_grant', 'The code is wrong, used or too old.');
      if (asked.context !== context || asked.redirect_uri !== redirectUri)
        throw new OAuthError(400, 'invalid_grant', 'The code is for another store or address.');
      if (asked.scope !== scope) throw new OAuthError(400, 'invalid_scope', 'Other scopes were accepted.');
      isInstalled = true;
      admitted.add(granted.user.id);
      return {
        access_token: store.api().addApp(app.clientId, scopes),
        scope,
        user: accountOf(granted.user),
        owner: accountOf(OWNER),
        context,
        account_uuid: accountUuid,
      };
    },
    mayOpen: ({ id }) => isInstalled && (id === OWNER.id || admitted.has(id)),
    admit({ id }) {
      admitted.add(id);
    },
    async remove(user) {
      if (admitted.delete(user.id)) await tell('/remove_user', user);
    },
    loadUrl: (user, locale) => callbackUrl('/load', user, locale),
    async uninstall(user) {
      isInstalled = false;
      codes.clear();
      admitted.clear();
      store.api().removeApp(app.clientId);
      await tell('/uninstall', user);
    },
  };
}

const accountOf = ({ id, email }: StaffMember): TokenAnswer['user'] => ({ id, username: email, email });
