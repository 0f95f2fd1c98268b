import PQueue from 'p-queue';

/** Few at a time: the quota is shared with every other app of the store. */
const CONCURRENCY = 4;

/** BigCommerce's longest window is 30 seconds, but it promises nothing. */
export const MAX_WAIT_MS = 60_000;

/** The calls of one store, in the order in which they came. */
export class StoreQueue {
  readonly #queue = new PQueue({ concurrency: CONCURRENCY });
  #resumeAt = 0;
  #resumption: NodeJS.Timeout | undefined;

  /**
   * Runs a task once it is its turn.
   *
   * @param signal - Takes the task out of the queue. The promise rejects with its reason.
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#resumption?.ref();
    return this.#queue.add(task, { signal });
  }

  /**
   * Makes use of what an answer says about the quota: when it is nearly spent, the tasks that have not begun wait until it is
   * renewed.
   *
   * Source: BigCommerce, "API Rate Limits" (`X-Rate-Limit-Requests-Left`, `X-Rate-Limit-Time-Reset-Ms`).
   */
  heed(headers: Headers): void {
    const left = headers.get('x-rate-limit-requests-left');
    const resetMs = Number(headers.get('x-rate-limit-time-reset-ms'));
    if (left !== null && Number(left) < CONCURRENCY && resetMs > 0)
      this.#hold(Math.min(resetMs, MAX_WAIT_MS));
  }

  #hold(durationMs: number): void {
    const resumeAt = Date.now() + durationMs;
    if (resumeAt <= this.#resumeAt) return;
    this.#resumeAt = resumeAt;
    this.#queue.pause();
    clearTimeout(this.#resumption);
    this.#resumption = setTimeout(() => this.#queue.start(), durationMs);
    // A process that has nothing more to ask need not wait.
    if (this.#queue.size === 0) this.#resumption.unref();
  }
}

const queues = new Map<string, StoreQueue>();

/** @returns The queue of a store: the same one for every client in this process, since they spend one quota. */
export function queueOf(apiUrl: string, storeHash: string): StoreQueue {
  const key = `${apiUrl}/${storeHash}`;
  const queue = queues.get(key) ?? new StoreQueue();
  queues.set(key, queue);
  return queue;
}
