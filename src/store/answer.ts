import { connectionCode } from './connection-code.js';

/** What a server answered. */
export interface Answered {
  readonly failure?: never;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: Uint8Array;
  /** Whether there was more of it than is read. */
  readonly isCut: boolean;
}

/** What a server answered, or why there was no answer: the system's code (`ENOTFOUND`), `TIMEOUT`, or a few words. */
export type Answer = Answered | { readonly failure: string };

/** What is asked for. */
export interface Question {
  readonly url: string;
  readonly method?: 'GET' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response as `fetch` gives it, whosever `fetch` it is. */
interface Fetched extends Pick<Answered, 'url' | 'status' | 'headers'> {
  readonly body: { getReader(): BodyReader } | null;
}
interface BodyReader {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * Waits for an answer and reads it. Settles when it is read, never with an error.
 *
 * @param maxBytes - How much of its body is read: a page is anybody's.
 */
export async function readAnswer(fetched: Promise<Fetched>, maxBytes: number): Promise<Answer> {
  try {
    const response = await fetched;
    const { url, status, headers } = response;
    return { url, status, headers, ...(await readBody(response, maxBytes)) };
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

async function readBody({ body }: Fetched, maxBytes: number): Promise<Pick<Answered, 'body' | 'isCut'>> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    chunks.push(next.value);
    length += next.value.length;
    if (length <= maxBytes) continue;
    await reader?.cancel();
    return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true };
  }
  return { body: Buffer.concat(chunks), isCut: false };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  const { cause } = error;
  return connectionCode(error) ?? (cause instanceof Error ? cause.message : error.message);
}
