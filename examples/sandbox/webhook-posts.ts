import { Agent, request } from 'undici';

/** Where a webhook goes, and with what. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long after a failure it comes again, in milliseconds each; as many times as there are of them. */
  readonly retryIntervalsMs: readonly number[];
}

/** What became of requests so far. A retry counts as a request of its own. */
export interface WebhookCounts {
  readonly acknowledged: number;
  readonly failed: number;
  /** Webhooks that were never sent: dropped by a test, or since nobody was to have them any more. */
  readonly dropped: number;
  /** Webhooks whose last retry failed. */
  readonly exhausted: number;
}

/** Runs something later, and gives what calls it off. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

/** What sends webhooks, and sends them again where they were not acknowledged. */
export interface WebhookPosts<Message> {
  /** @param copiesMs - When each copy is sent, in milliseconds from now: `[0]` is once and at once, `[]` never, `[0, 50]` twice. */
  send(message: Message, copiesMs: readonly number[]): void;
  counts(): WebhookCounts;
  /** Settles once all that was to be sent by now was answered, or failed. Retries are for later. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** How long BigCommerce and Extole wait for an answer is documented nowhere. */
const TIMEOUT_MS = 10_000;

const MAX_CONNECTIONS = 50;

/**
 * Makes it. Whatever is answered with 2xx is acknowledged.
 *
 * @param options.requestOf - Asked at each attempt; `undefined`: nobody is to have it any more.
 * @param options.onExhausted - Told of a webhook whose last retry failed.
 */
export function createWebhookPosts<Message>(options: {
  readonly requestOf: (message: Message) => WebhookRequest | undefined;
  readonly onExhausted?: (message: Message) => void;
  readonly schedule?: Schedule | undefined;
}): WebhookPosts<Message> {
  const { requestOf, onExhausted, schedule = later } = options;
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS });
  const counts = { acknowledged: 0, failed: 0, dropped: 0, exhausted: 0 };
  const underWay = new Set<Promise<void>>();
  const scheduled = new Set<() => void>();

  /** @param attempt - How many there were before. */
  function begin(message: Message, attempt: number, delayMs: number): void {
    const start = (): void => {
      const sending = post(message, attempt).finally(() => underWay.delete(sending));
      underWay.add(sending);
    };
    if (delayMs === 0) {
      start();
      return;
    }
    const cancel = schedule(() => {
      scheduled.delete(cancel);
      start();
    }, delayMs);
    scheduled.add(cancel);
  }

  async function post(message: Message, attempt: number): Promise<void> {
    const asked = requestOf(message);
    if (!asked) {
      counts.dropped += 1;
      return;
    }
    if (await isAcknowledged(asked)) {
      counts.acknowledged += 1;
      return;
    }
    counts.failed += 1;
    const delayMs = asked.retryIntervalsMs[attempt];
    if (delayMs !== undefined) return begin(message, attempt + 1, delayMs);
    counts.exhausted += 1;
    onExhausted?.(message);
  }

  async function isAcknowledged({ url, headers, body }: WebhookRequest): Promise<boolean> {
    try {
      const answer = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      return answer.statusCode >= 200 && answer.statusCode < 300;
    } catch {
      return false;
    }
  }

  return {
    send(message, copiesMs) {
      if (copiesMs.length === 0) counts.dropped += 1;
      for (const delayMs of copiesMs) begin(message, 0, delayMs);
    },
    counts: () => ({ ...counts }),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      for (const cancel of scheduled) cancel();
      await dispatcher.destroy();
    },
  };
}

function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
