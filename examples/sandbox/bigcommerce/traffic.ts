import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parametersOf } from '../requests.js';

/** A call that came in, and what was answered. */
export interface ApiCall {
  /** Counts up from 0, since the start or the last clearing. */
  readonly index: number;
  readonly method: string;
  /** Without the store: `/v3/content/scripts`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `accept`, `content-type` and `user-agent`, as far as they came. */
  readonly headers: Readonly<Record<string, string>>;
  /** What its JSON says; absent when there is none. */
  readonly body?: unknown;
  /** The HTTP status; absent while there is no answer, and when none leaves. */
  readonly status?: number;
  /** What the answer's JSON says, or its text; absent when it is empty. */
  readonly answer?: unknown;
  /** Whether the answer is a test's, and not the API's. */
  readonly isMadeUp?: true;
}

/** How a call goes wrong. */
export type Fault =
  /** It is answered with this, and what it asks for is not done. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The connection breaks, before or after it is done. */
  | { readonly drop: 'before' | 'after' }
  /** No answer comes until the client goes away, and it is done or not. */
  | { readonly hang: 'before' | 'after' }
  /** It goes well. The test is told when it is done; the answer leaves once what the test does then has settled. */
  | { readonly onHandled: () => unknown };

/** Asked when a call has arrived, before anything is done about it. */
export type FaultPlan = (call: Pick<ApiCall, 'index' | 'method' | 'path'>) => Fault | undefined;

/** What a test sees of the traffic, and how it disturbs it. */
export interface Traffic {
  /** The calls since the start or the last clearing, oldest first. */
  calls(): readonly ApiCall[];
  clearCalls(): void;
  /** How many calls are kept, the last ones; all unless said otherwise. For those who make so many that memory would run out. */
  setKeptCalls(max?: number): void;
  /** Has calls go wrong from now on; without a plan none does. */
  setFault(plan?: FaultPlan): void;
}

const KEPT_HEADERS = ['accept', 'content-type', 'user-agent'] as const;

/** Keeps the calls that a server gets from here on, and lets them go wrong before the hooks that are added later. */
export function watchTraffic(app: FastifyInstance): Traffic {
  let calls: Recording[] = [];
  let callCount = 0;
  let maxCalls = Number.POSITIVE_INFINITY;
  let planFault: FaultPlan = () => undefined;
  /** Answers that nobody has looked at yet: reading them all would take longer than answering. */
  const unread = new WeakMap<Recording, string>();
  const recordings = new WeakMap<FastifyRequest, Recording>();
  const faults = new WeakMap<FastifyRequest, Fault>();

  app.addHook('onRequest', async (request) => {
    const recording = record(request, callCount);
    callCount += 1;
    calls.push(recording);
    // Now and then, since it costs a copy.
    if (calls.length >= 2 * maxCalls + 1) calls = calls.slice(calls.length - maxCalls);
    recordings.set(request, recording);
  });

  app.addHook('preHandler', async (request, reply) => {
    const recording = recordings.get(request);
    if (!recording) return;
    if (request.body !== undefined) recording.body = request.body;
    const fault = planFault(recording);
    if (!fault) return;
    if ('status' in fault) {
      recording.isMadeUp = true;
      return reply
        .code(fault.status)
        .headers({ ...fault.headers })
        .send(fault.body);
    }
    faults.set(request, fault);
    await breakDown(request, fault, 'before');
  });

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const fault = faults.get(request);
    if (fault) {
      await breakDown(request, fault, 'after');
      if ('onHandled' in fault) await fault.onHandled();
    }
    const recording = recordings.get(request);
    if (recording) {
      recording.status = reply.statusCode;
      if (typeof payload === 'string' && payload) unread.set(recording, payload);
    }
    return payload;
  });

  return {
    calls() {
      const kept = calls.slice(Math.max(0, calls.length - maxCalls));
      for (const recording of kept) {
        const text = unread.get(recording);
        if (text !== undefined) recording.answer = parse(text);
        unread.delete(recording);
      }
      return kept;
    },
    clearCalls: () => {
      calls = [];
      callCount = 0;
    },
    setKeptCalls: (max = Number.POSITIVE_INFINITY) => {
      maxCalls = max;
    },
    setFault: (plan = () => undefined) => {
      planFault = plan;
    },
  };
}

type Recording = { -readonly [Member in keyof ApiCall]: ApiCall[Member] };

function record(request: FastifyRequest, index: number): Recording {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    index,
    method: request.method,
    path: new URL(request.url, 'http://localhost').pathname.replace(/^\/stores\/[^/]+/, ''),
    query: Object.fromEntries(parametersOf(request)),
    headers: Object.fromEntries(headers),
  };
}

/** Goes on where the fault is not for this moment; else nothing comes after it. */
async function breakDown({ raw }: FastifyRequest, fault: Fault, moment: 'before' | 'after'): Promise<void> {
  const isDrop = 'drop' in fault && fault.drop === moment;
  const isHang = 'hang' in fault && fault.hang === moment;
  if (isDrop) raw.socket.destroy();
  if (isDrop || isHang) await new Promise(() => {});
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
