import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookProof } from '../../catalog/rewards.js';
import { isSameSecret } from '../is-same-secret.js';

/** What Extole sends, and what it has to be. */
interface Shown {
  readonly given: string | undefined;
  readonly wanted: readonly string[];
}

/**
 * Whether a reward webhook shows that who sent it has the client key, told in a time that says nothing of how alike the proofs are.
 *
 * Extole does not say whether `Basic` is followed by the key as it is or encoded as RFC 7617 has it: both are taken.
 *
 * Source: Extole, "Reward Webhooks" and "Webhook Creation". See {@link WebhookProof}.
 *
 * @param body - The bytes as they came: JSON that is written anew may be another text.
 */
export function isProven(
  proof: WebhookProof,
  key: string,
  body: Buffer,
  headers: IncomingHttpHeaders,
): boolean {
  const { given, wanted } = shownBy(proof, key, body, headers);
  return given !== undefined && wanted.some((one) => isSameSecret(given, one));
}

function shownBy(proof: WebhookProof, key: string, body: Buffer, headers: IncomingHttpHeaders): Shown {
  const hmac = (algorithm: 'sha256' | 'sha1'): string =>
    createHmac(algorithm, key).update(body).digest('hex');
  const signed = (wanted: string): Shown => ({
    given: textIn(headers['x-extole-signature']),
    wanted: [wanted],
  });
  switch (proof) {
    case 'hmac-sha256':
      return signed(hmac('sha256'));
    case 'hmac-sha256-prefixed':
      return signed(`sha256=${hmac('sha256')}`);
    case 'hmac-sha1-prefixed':
      return signed(`sha1=${hmac('sha1')}`);
    case 'bearer':
      return { given: credentialsIn(headers.authorization, 'bearer'), wanted: [key] };
    case 'basic':
      return {
        given: credentialsIn(headers.authorization, 'basic'),
        wanted: [key, Buffer.from(key).toString('base64')],
      };
  }
}

const textIn = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

/** Source: RFC 9110, 11.4: a scheme, in letters of any size, one space or more, and what it is about. */
function credentialsIn(authorization: string | undefined, scheme: 'bearer' | 'basic'): string | undefined {
  const [, given, credentials] = /^(\w+) +(.+)$/.exec(authorization ?? '') ?? [];
  return given?.toLowerCase() === scheme ? credentials : undefined;
}
