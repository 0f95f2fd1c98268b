import { isIP } from 'node:net';
import { Agent, fetch } from 'undici';
import { VERSION } from '../../catalog/version.js';
import { type Answer, type Question, readAnswer } from '../../store/answer.js';
import { ADDRESS_NOT_PUBLIC, publicLookup, type Resolve, resolveBySystem } from './public-address.js';

/** How carefully is asked. */
export interface GuardOptions {
  /** For development: whether `localhost` may be asked, on any port and over plain HTTP. */
  readonly allowsLocalhost: boolean;
  readonly resolve?: Resolve;
  /** For all of an answer, from the name server to its last byte. 5 seconds unless said otherwise. */
  readonly timeoutMs?: number;
  /** How much of a body is read, unpacked. 512 KB unless said otherwise. */
  readonly maxBytes?: number;
}

const HEADERS = { 'user-agent': `Mozilla/5.0 (compatible; extole-bigcommerce ${VERSION})` };

/**
 * Asks an address that somebody else chose, without being led into our own network: only over HTTPS, only on its port, only a
 * host that has a name, and only where all addresses of that name are public ones. A redirect is an answer and not followed.
 * Nothing but the question's own headers goes along.
 *
 * Settles within the time limit, never with an error; its connection is closed then.
 *
 * @returns The answer, or `failure`: `ADDRESS_NOT_PUBLIC` when it is not to be asked.
 */
export async function guardedAsk(question: Question, options: GuardOptions): Promise<Answer> {
  const { allowsLocalhost, resolve = resolveBySystem, timeoutMs = 5_000, maxBytes = 512_000 } = options;
  const { url, method = 'GET', headers } = question;
  const isLocal = (host: string): boolean => allowsLocalhost && host === 'localhost';
  const target = new URL(url);
  if (!isLocal(target.hostname) && !isOrdinary(target)) return { failure: ADDRESS_NOT_PUBLIC };

  const dispatcher = new Agent({ connect: { lookup: publicLookup(resolve, isLocal), timeout: timeoutMs } });
  try {
    const fetched = fetch(target, {
      method,
      headers: { ...HEADERS, ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher,
    });
    return await readAnswer(fetched, maxBytes);
  } finally {
    await dispatcher.destroy();
  }
}

/** An address in figures is connected to without a look-up. */
const isOrdinary = ({ protocol, port, hostname, username, password }: URL): boolean =>
  protocol === 'https:' &&
  port === '' &&
  username === '' &&
  password === '' &&
  isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
