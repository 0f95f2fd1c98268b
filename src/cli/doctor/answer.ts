import { VERSION } from '../../catalog/version.js';
import { type Answer, type Question, readAnswer } from '../../store/answer.js';

/** How long an answer may take, and how much of it is read. */
const TIMEOUT_MS = 10_000;
export const MAX_BYTES = 5_000_000;

const USER_AGENT = `Mozilla/5.0 (compatible; extole-bigcommerce doctor ${VERSION})`;

/**
 * Asks for an address, follows redirects, and reads at most {@link MAX_BYTES}. Settles within {@link TIMEOUT_MS}, never with
 * an error.
 */
export function ask({ url, headers, ...options }: Question): Promise<Answer> {
  const init = {
    ...options,
    headers: { 'user-agent': USER_AGENT, ...headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  return readAnswer(fetch(url, init), MAX_BYTES);
}

/** An answer in a few words: `503, text/html`. */
export function shortly(answer: Answer): string {
  if (answer.failure !== undefined) return answer.failure;
  const type = (answer.headers.get('content-type') ?? '').split(';')[0];
  return `${answer.status}${type ? `, ${type}` : ''}`;
}
