import ky, { HTTPError } from 'ky';
import { z } from 'zod';
import { parseJson } from '../../store/parse-json.js';
import { AppError } from '../app-error.js';
import { countCall } from '../count-call.js';
import type { AppDeps } from '../deps.js';

/** For the call and, where Extole fails, its repetition. */
const TIMEOUT_MS = 10_000;

/** Source: Extole, OpenAPI file "Server to Extole", `RestExceptionResponse`. */
const errorSchema = z.object({ code: z.string().regex(/^[a-z0-9_]{1,60}$/) });

/** What tells Extole's answer about a token from that of any other server: `AccessTokenResponse` requires no member. */
const tokenSchema = z.union([z.object({ client_id: z.string() }), z.object({ access_token: z.string() })]);

/**
 * Makes sure that Extole knows an access token. It is not told to anybody else, nor put into an address.
 *
 * A token that may send events and do nothing else is refused a look at itself (403 `access_denied`), which proves it as well.
 *
 * Source: Extole, OpenAPI file "Server to Extole", `GET /v4/tokens`. Its documents disagree on whether an invalid token is
 * answered with 401 or 403.
 *
 * @throws {AppError} 422 `ACCESS_TOKEN_REFUSED`, or 503 `EXTOLE_UNAVAILABLE` when nothing can be said of the token.
 */
export async function checkAccessToken(
  { config, metrics }: Pick<AppDeps, 'config' | 'metrics'>,
  token: string,
): Promise<void> {
  if (!/^[\x21-\x7e]+$/.test(token)) throw refused('it holds characters that no token has');
  const answer = await askAboutToken(config.extoleApiUrl, token);
  countCall(metrics, 'extole', answer?.status);
  if (!answer) throw unavailable('did not answer');
  const { status, body } = answer;
  const code = errorSchema.safeParse(body).data?.code;
  if (status === 200 && tokenSchema.safeParse(body).success) return;
  if (status === 403 && code === 'access_denied') return;
  if (code && [400, 401, 402, 403].includes(status)) throw refused(`Extole answered ${status} ${code}`);
  if (status === 401) throw refused('Extole answered 401');
  throw unavailable(`answered ${status}${code ? ` ${code}` : ''}`);
}

/** @returns `undefined` when there was no answer in time. */
async function askAboutToken(
  apiUrl: string,
  token: string,
): Promise<{ readonly status: number; readonly body: unknown } | undefined> {
  try {
    const response = await ky
      .get(`${apiUrl}/v4/tokens`, {
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        // Whoever waits has just pressed Save.
        retry: { limit: 1, statusCodes: [500, 502, 503, 504] },
        timeout: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // A token goes where it was sent, and nowhere else.
        redirect: 'manual',
      })
      .catch((error: unknown) => {
        if (error instanceof HTTPError) return error.response;
        throw error;
      });
    return { status: response.status, body: parseJson(await response.text()) };
  } catch {
    return undefined;
  }
}

const refused = (why: string): AppError =>
  new AppError(
    'ACCESS_TOKEN_REFUSED',
    `Extole does not take the access token: ${why}. Generate a new one in Extole's Security Center, and copy all of it.`,
    422,
  );

const unavailable = (why: string): AppError =>
  new AppError(
    'EXTOLE_UNAVAILABLE',
    `whether Extole takes the access token could not be told: Extole ${why}. Nothing was saved; save again in a while.`,
    503,
  );
