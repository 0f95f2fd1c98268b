import Fastify from 'fastify';
import { listen } from '../../examples/sandbox/listen.js';

/** Who installs, and with which consequences. */
export interface Grant {
  readonly storeHash: string;
  readonly accessToken: string;
  readonly scope: string;
  readonly user: { readonly id: number; readonly username: string; readonly email: string };
}

/** BigCommerce's login server, as far as an app talks to it. */
export interface BigCommerceLogin {
  /** Stands for `https://login.bigcommerce.com`. */
  readonly url: string;
  /** Makes a code that can be exchanged once. */
  grant(grant: Grant): string;
  /** What it answers instead, for whatever code; without it, what was granted. */
  setAnswer(answer?: { readonly status: number; readonly body: string }): void;
  /** The bodies that it was sent. */
  readonly exchanges: readonly Record<string, string>[];
  close(): Promise<void>;
}

/**
 * Starts a login server that knows one app.
 *
 * Source: BigCommerce, "App Installation and Update Sequence" (auth).
 */
export async function startBigCommerceLogin(client: {
  id: string;
  secret: string;
}): Promise<BigCommerceLogin> {
  const app = Fastify({ forceCloseConnections: true });
  const grants = new Map<string, Grant>();
  const exchanges: Record<string, string>[] = [];
  let answer: { readonly status: number; readonly body: string } | undefined;
  app.post<{ Body: Record<string, string> }>('/oauth2/token', async ({ body }, reply) => {
    exchanges.push(body);
    if (answer) return reply.code(answer.status).type('application/json').send(answer.body);
    const { code = '', context, scope, client_id, client_secret, grant_type } = body;
    const grant = grants.get(code);
    const isRight =
      grant &&
      client_id === client.id &&
      client_secret === client.secret &&
      grant_type === 'authorization_code' &&
      context === `stores/${grant.storeHash}` &&
      scope === grant.scope;
    if (!isRight) return reply.code(400).send({ error: 'invalid_grant' });
    grants.delete(code);
    return {
      access_token: grant.accessToken,
      scope: grant.scope,
      user: grant.user,
      owner: grant.user,
      context,
      account_uuid: '00000000-0000-4000-8000-000000000000',
    };
  });
  const port = await listen(app);
  return {
    url: `http://localhost:${port}`,
    grant(grant) {
      const code = `code-${grants.size}-${Math.random().toString(36).slice(2)}`;
      grants.set(code, grant);
      return code;
    },
    setAnswer: (given) => {
      answer = given;
    },
    exchanges,
    close: () => app.close(),
  };
}
