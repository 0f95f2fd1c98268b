import { VERSION } from '../../catalog/version.js';
import { connectionCode } from '../../store/connection-code.js';

/** What a server answered. */
export interface Answered {
  readonly failure?: never;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Whether there was more of it than is read. */
  readonly isCut: boolean;
}

/** What a server answered, or why there was no answer: the system's code (`ENOTFOUND`), `TIMEOUT`, or a few words. */
export type Answer = Answered | { readonly failure: string };

/** How long an answer may take, and how much of it is read: a page is anybody's. */
const TIMEOUT_MS = 10_000;
export const MAX_BYTES = 5_000_000;

const USER_AGENT = `Mozilla/5.0 (compatible; extole-bigcommerce doctor ${VERSION})`;

/**
 * Asks for an address, follows redirects, and reads at most {@link MAX_BYTES}. Settles within {@link TIMEOUT_MS}, never with
 * an error.
 */
export async function ask(
  url: string,
  options: { method?: 'GET' | 'OPTIONS'; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...options,
      headers: { 'user-agent': USER_AGENT, ...options.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status, headers } = response;
    return { url: response.url, status, headers, ...(await readBody(response)) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** The text of an answer. BigCommerce and Extole serve UTF-8. */
export function textOf({ body }: Answered): string {
  return new TextDecoder().decode(body);
}

/** Whether an answer is a JavaScript file: browsers refuse a script that is served as something else, and so do modules. */
export function isScript({ status, headers }: Answered): boolean {
  return status === 200 && /\b(java|ecma)script\b/i.test(headers.get('content-type') ?? '');
}

/** An answer in a few words: `503, text/html`. */
export function shortly(answer: Answer): string {
  if (answer.failure !== undefined) return answer.failure;
  const type = (answer.headers.get('content-type') ?? '').split(';')[0];
  return `${answer.status}${type ? `, ${type}` : ''}`;
}

async function readBody(response: Response): Promise<Pick<Answered, 'body' | 'isCut'>> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length <= MAX_BYTES) continue;
    await reader?.cancel();
    return { body: Buffer.concat(chunks).subarray(0, MAX_BYTES), isCut: true };
  }
  return { body: Buffer.concat(chunks), isCut: false };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  const { cause } = error;
  return connectionCode(error) ?? (cause instanceof Error ? cause.message : error.message);
}
