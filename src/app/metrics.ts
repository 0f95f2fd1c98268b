import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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
}

/** Makes a set of them, all zero. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
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
  };
}
