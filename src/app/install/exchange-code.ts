import { z } from 'zod';
import { parseJson } from '../../store/parse-json.js';
import { AppError } from '../app-error.js';
import { countCall } from '../count-call.js';
import type { AppDeps } from '../deps.js';
import { missingScopes } from './scopes.js';
import { storeContextSchema, userSchema } from './signed-payload.js';

/** What BigCommerce sends along when a merchant installs the app. */
export const authorizationSchema = z.object({
  code: z.string().regex(/^[\x21-\x7e]{1,2000}$/),
  scope: z.string().regex(/^[\w ]{1,4000}$/),
  context: storeContextSchema,
});

/** See {@link authorizationSchema}. */
export type Authorization = z.infer<typeof authorizationSchema>;

/** What a store granted. */
export interface StoreGrant {
  readonly storeHash: string;
  readonly accessToken: string;
  /** With spaces between them. */
  readonly scope: string;
  readonly user: { readonly id: number; readonly email: string };
}

const grantSchema = z.object({
  // It goes into a header.
  access_token: z.string().regex(/^[\x21-\x7e]{1,1000}$/),
  scope: z.string(),
  user: userSchema,
  context: storeContextSchema,
});

const TIMEOUT_MS = 15_000;

/**
 * Exchanges the code of an installation for the store's access token.
 *
 * Source: BigCommerce, "Implementing OAuth", `POST /oauth2/token`.
 *
 * @throws {AppError} `INSTALL_REFUSED`, `SCOPES_MISSING`, `BIGCOMMERCE_LOGIN_UNAVAILABLE`. The code may be spent.
 */
export async function exchangeCode(
  { config, metrics }: Pick<AppDeps, 'config' | 'metrics'>,
  { code, scope, context }: Authorization,
): Promise<StoreGrant> {
  const answer = await fetch(`${config.bigcommerceLoginUrl}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      client_id: config.clientId,
      client_secret: config.clientSecret,
      code,
      context: `stores/${context}`,
      scope,
      grant_type: 'authorization_code',
      redirect_uri: `${config.appUrl}/auth`,
    }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // It would carry the secret to wherever it leads.
    redirect: 'error',
  })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .catch(() => undefined);
  countCall(metrics, 'bigcommerce', answer?.status);

  if (!answer || answer.status === 429 || answer.status >= 500) {
    throw new AppError(
      'BIGCOMMERCE_LOGIN_UNAVAILABLE',
      "BigCommerce's login server does not answer as it should. Install Extole again in a minute.",
      503,
    );
  }
  const { status, text } = answer;
  const grant = grantSchema.safeParse(status === 200 ? parseJson(text) : undefined).data;
  if (!grant || grant.context !== context) {
    throw new AppError(
      'INSTALL_REFUSED',
      `BigCommerce does not confirm the installation (it answered with ${status}). Install Extole again from Apps in the control panel; each attempt counts once.`,
      403,
    );
  }
  const missing = missingScopes(grant.scope);
  if (missing.length > 0) {
    throw new AppError(
      'SCOPES_MISSING',
      `the app was not granted what it works with: ${missing.join(', ')}. Whoever runs the app selects these OAuth scopes in BigCommerce's Developer Portal; install Extole again then.`,
      403,
    );
  }
  return {
    storeHash: context,
    accessToken: grant.access_token,
    scope: grant.scope,
    user: grant.user,
  };
}
