import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the app counts, for Prometheus. No label holds a store, a user or anything of theirs. */
export interface Metrics {
  readonly registry: Registry;
  /** Seconds, by method, route (as it is declared) and status. */
  readonly httpRequests: Histogram<'method' | 'route' | 'status'>;
  /** Jobs that ended, by task and outcome (`done`, `failed`, `retried`). */
  readonly jobs: Counter<'task' | 'outcome'>;
  /** Looks at stores, by outcome: `in-place`, `differs`, `failed`. */
  readonly looks: Counter<'outcome'>;
  /** Calls to others, by whom (`bigcommerce`, `extole`, `program-domain`) and outcome (`2xx`, `4xx`, `5xx`, `none`). */
  readonly calls: Counter<'to' | 'outcome'>;
  /**
   * Webhooks, by what became of them: `heard` (an order is looked at), `swept` (of an order, but not of which), `refreshed`, `forgotten`,
   * `ignored` (nothing that we do anything about), `unknown` (of a store that does not have the app, or of none), `refused` (not shown to be
   * BigCommerce's), `failed` (BigCommerce sends it again).
   */
  readonly webhooks: Counter<'outcome'>;
  /**
   * Extole's reward webhooks, by what became of them: `heard` (a reward is worked at), `ignored` (Extole's, but it names no reward), `refused` (not
   * shown to be Extole's), `failed` (Extole sends it again).
   */
  readonly rewardWebhooks: Counter<'outcome'>;
  /** Attempts to deliver an event, by its kind and outcome: `delivered`, `dead`, `retry`, `paused`. */
  readonly events: Counter<'kind' | 'outcome'>;
  /** Seconds from when an event was found to its first delivery. */
  readonly eventDelay: Histogram;
  /** Tries to fulfill a reward, by outcome: `fulfilled`, `failed`, `canceled`, `ignored`, `retry`, `paused`. */
  readonly rewards: Counter<'outcome'>;
  /** Seconds from when a reward was first heard of until Extole had its code. */
  readonly rewardDelay: Histogram;
}

/** From a second to the three days after which an event is given up. */
const DELAY_BUCKETS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 4 * 3_600, 24 * 3_600, 72 * 3_600];

/**
 * Makes a set of them, all zero.
 *
 * @param ages - Are asked, in seconds, whenever somebody reads the metrics. Should one reject, the rest can still be read.
 */
export function createMetrics(ages?: {
  readonly oldestWaitingEvent: () => Promise<number>;
  readonly longestDueReward: () => Promise<number>;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  if (ages) {
    const gauge = (name: string, help: string, age: () => Promise<number>): Gauge =>
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await age().catch(() => Number.NaN));
        },
      });
    gauge(
      'extole_oldest_waiting_event_seconds',
      'How old the oldest event is that waits to be delivered, without those whose token is paused.',
      ages.oldestWaitingEvent,
    );
    gauge(
      'extole_longest_due_reward_seconds',
      'For how long the reward has been due that is due for longest, without those that were put off.',
      ages.longestDueReward,
    );
  }
  return {
    registry,
    httpRequests: new Histogram({
      name: 'extole_http_request_duration_seconds',
      help: 'How long requests took to answer.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    jobs: new Counter({
      name: 'extole_jobs_total',
      help: 'Jobs that ended.',
      labelNames: ['task', 'outcome'],
      registers,
    }),
    looks: new Counter({
      name: 'extole_looks_total',
      help: 'Looks at what stands in stores.',
      labelNames: ['outcome'],
      registers,
    }),
    calls: new Counter({
      name: 'extole_calls_total',
      help: 'Calls to others.',
      labelNames: ['to', 'outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'extole_webhooks_total',
      help: 'Webhooks of BigCommerce.',
      labelNames: ['outcome'],
      registers,
    }),
    rewardWebhooks: new Counter({
      name: 'extole_reward_webhooks_total',
      help: 'Reward webhooks of Extole.',
      labelNames: ['outcome'],
      registers,
    }),
    events: new Counter({
      name: 'extole_events_total',
      help: 'Attempts to deliver an event.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    eventDelay: new Histogram({
      name: 'extole_event_delay_seconds',
      help: 'How long events waited for their delivery.',
      buckets: DELAY_BUCKETS,
      registers,
    }),
    rewards: new Counter({
      name: 'extole_reward_outcomes_total',
      help: 'Tries to fulfill a reward.',
      labelNames: ['outcome'],
      registers,
    }),
    rewardDelay: new Histogram({
      name: 'extole_reward_delay_seconds',
      help: 'How long rewards waited for their code.',
      buckets: DELAY_BUCKETS,
      registers,
    }),
  };
}
