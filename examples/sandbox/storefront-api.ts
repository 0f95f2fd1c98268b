import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EXTOLE_JWT_SECONDS, type Verifiers } from './app-server.js';
import { type Order, storefrontOrder } from './orders.js';
import { queryOf, shopperOf } from './requests.js';

/** Where the app's server verifies shoppers; in the sandbox it lives on the storefront's origin. */
export const VERIFICATION_PATH = '/sandbox/app/verified-shopper';

/** How the app's server answers when it is asked to verify a shopper. */
export interface VerificationMode {
  /** How late it answers, in milliseconds. */
  readonly delayMs?: number;
  /** A status to answer with in place of a JWT. */
  readonly status?: number;
  /** How long its JWTs may be used. */
  readonly expiresInSeconds?: number;
}

/**
 * Adds what a storefront answers to the scripts on its pages: orders, consent, who is signed in; and beside it the app's
 * server, which verifies shoppers.
 *
 * @param store.findOrder - The order that a browser asks for, if it may see it.
 */
export function addStorefrontApi(
  app: FastifyInstance,
  store: {
    readonly verifiers: Verifiers;
    findOrder(request: FastifyRequest, id: number): Order | undefined;
    verificationMode(): VerificationMode;
  },
): void {
  const { verifiers } = store;

  app.get<{ Params: { id: string } }>('/api/storefront/orders/:id', async (request, reply) => {
    const order = store.findOrder(request, Number(request.params.id));
    if (!order) return refuse(reply, 404, 'Order not found');
    return storefrontOrder(order, queryOf(request, 'include').split(','));
  });

  // The banner's script keeps the choice itself.
  app.post('/api/storefront/consent', async (request, reply) =>
    isConsent(request.body) ? reply.send() : refuse(reply, 400, 'Invalid input'),
  );

  app.get('/customer/current.jwt', async (request, reply) => {
    const shopper = shopperOf(request);
    if (queryOf(request, 'app_client_id') !== verifiers.appClientId) {
      return refuse(reply, 400, 'No app has this client id');
    }
    if (!shopper) return refuse(reply, 404, 'No customer is signed in');
    return reply.type('text/plain').send(await verifiers.currentCustomerJwt(shopper));
  });

  app.post(VERIFICATION_PATH, async (request, reply) => {
    const { delayMs = 0, status, expiresInSeconds = EXTOLE_JWT_SECONDS } = store.verificationMode();
    await sleep(delayMs, undefined, { ref: false });
    reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store');
    if (status) return refuse(reply, status, 'The sandbox was told to answer so');
    try {
      const jwt = await verifiers.extoleJwt(`${request.body}`, expiresInSeconds);
      return { jwt, expires_in_seconds: expiresInSeconds };
    } catch {
      return refuse(reply, 401, 'This is no JWT of BigCommerce for this app and store');
    }
  });
}

function refuse(reply: FastifyReply, status: number, title: string): FastifyReply {
  return reply.code(status).send({ status, title });
}

/** Whether it is a complete choice: each category, `1` to `3`, is either allowed or denied. */
function isConsent(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('allow' in body) || !('deny' in body)) return false;
  const { allow, deny } = body;
  if (!Array.isArray(allow) || !Array.isArray(deny)) return false;
  return [...allow, ...deny].sort().join() === '1,2,3';
}
