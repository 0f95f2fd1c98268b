import { isDeepStrictEqual } from 'node:util';
import type { Arrival } from './extole-side.js';
import { alternativesOf, bodyOf, type ExpectedEvent, keyOf, type LivedOrder } from './model.js';
import { TIMING } from './timing.js';

/** What became of all orders. */
export interface Verdict {
  readonly expected: number;
  /** Different events. */
  readonly delivered: number;
  readonly lost: number;
  /** Sent again though the app had the answer, and had time to write it down. */
  readonly duplicated: number;
  /** Sent again since the answer was lost, or the process or its connection ended before it was written down. */
  readonly repeated: number;
  readonly wrong: number;
  /** What is lost, duplicated or wrong, each as a sentence. */
  readonly problems: readonly string[];
}

/** When something was done to the app. */
export interface Disturbances {
  readonly deaths: ReadonlyMap<number, number>;
  readonly cutsMs: readonly number[];
}

/** What the app's own words on the attempts of an event are found by. */
export const attemptsKey = (orderId: number, eventKey: string): string => `${orderId} ${eventKey}`;

/**
 * Holds what arrived at Extole to what should have.
 *
 * @param attempts - What the app says of attempts, by {@link attemptsKey}. Only shown.
 */
export function judge(
  orders: readonly LivedOrder[],
  arrivals: readonly Arrival[],
  disturbances: Disturbances,
  attempts: ReadonlyMap<string, string>,
): Verdict {
  const byOrder = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const id = `${arrival.data.partner_conversion_id}`;
    const before = byOrder.get(id);
    if (before) before.push(arrival);
    else byOrder.set(id, [arrival]);
  }
  const sums = { expected: 0, delivered: 0, lost: 0, duplicated: 0, repeated: 0, wrong: 0 };
  const problems: string[] = [];
  for (const order of orders) {
    const came = byOrder.get(`${order.id}`) ?? [];
    byOrder.delete(`${order.id}`);
    const tell = (what: string): void => {
      const states = order.states.map(({ record }) => record?.fields.status_id ?? 'gone').join(' → ');
      problems.push(`${order.store.storeHash} ${order.id} (${order.lifeName}; ${states}): ${what}`);
    };
    judgeOrder(order, came, { ...disturbances, attempts }, sums, tell);
  }
  for (const [id, came] of byOrder) {
    sums.wrong += came.length;
    problems.push(`there is no order ${id}, and ${came.length} events of it`);
  }
  return { ...sums, problems };
}

type Sums = { -readonly [Name in Exclude<keyof Verdict, 'problems'>]: number };

function judgeOrder(
  order: LivedOrder,
  came: readonly Arrival[],
  known: Disturbances & { readonly attempts: ReadonlyMap<string, string> },
  sums: Sums,
  tell: (what: string) => void,
): void {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of came) {
    const key = eventKeyOf(order, arrival);
    const before = groups.get(key);
    if (before) before.push(arrival);
    else groups.set(key, [arrival]);
  }
  const keys = [...groups.keys()];
  const expected = nearest(alternativesOf(order), keys);
  const lost = expected.filter((event) => !groups.has(keyOf(event)));
  const wanted = expected.map(keyOf);
  const unexpected = keys.filter((key) => !wanted.includes(key));
  sums.expected += expected.length;
  sums.delivered += keys.length;
  sums.lost += lost.length;
  sums.wrong += unexpected.length;
  if (lost.length > 0) tell(`lost: ${lost.map(keyOf).join(', ')}; came: ${keys.join(', ') || 'nothing'}`);
  if (unexpected.length > 0) tell(`not expected: ${unexpected.join(', ')}`);
  if (lost.length === 0 && unexpected.length === 0 && keys.join() !== wanted.join()) {
    sums.wrong += 1;
    tell(`wrong order: ${keys.join(', ')} in place of ${wanted.join(', ')}`);
  }
  for (const event of expected) {
    const group = groups.get(keyOf(event)) ?? [];
    const faults = new Set(group.flatMap((arrival) => faultOf(order, event, arrival) ?? []));
    sums.wrong += faults.size;
    for (const fault of faults) tell(`${keyOf(event)}: ${fault}`);
  }
  for (const [key, group] of groups) {
    for (const [index, arrival] of group.slice(0, -1).entries()) {
      if (isExcused(arrival, known)) sums.repeated += 1;
      else {
        sums.duplicated += 1;
        const later = (group[index + 1]?.atMs ?? 0) - arrival.atMs;
        const words = known.attempts.get(attemptsKey(order.id, key));
        tell(`duplicated: ${key}, ${later} ms after it was answered (attempts: ${words})`);
      }
    }
  }
}

/** Which event it is, by what Extole sees. */
function eventKeyOf({ settings }: LivedOrder, { name, data }: Arrival): string {
  const [kind = name] =
    Object.entries(settings?.orderEvents ?? {}).find(([, event]) => event.name === name) ?? [];
  return data.partner_refund_id === undefined ? kind : `${kind}:${data.partner_refund_id}`;
}

/** The one that fits, or else fits best. */
function nearest(alternatives: readonly ExpectedEvent[][], keys: readonly string[]): ExpectedEvent[] {
  const distance = (events: readonly ExpectedEvent[]): number => {
    const wanted = events.map(keyOf);
    const isSame = wanted.join() === keys.join();
    const missing = wanted.filter((key) => !keys.includes(key)).length;
    return isSame ? -1 : 2 * missing + keys.filter((key) => !wanted.includes(key)).length;
  };
  const [best = []] = [...alternatives].sort((one, other) => distance(one) - distance(other));
  return best;
}

function faultOf(order: LivedOrder, event: ExpectedEvent, arrival: Arrival): string | undefined {
  const body = bodyOf(order, event);
  if (!body) return 'not expected';
  if (arrival.storeHash !== order.store.storeHash) return `came with the token of ${arrival.storeHash}`;
  if (arrival.name !== body.name) return `is called ${arrival.name}`;
  if (!body.times.has(arrival.time))
    return `happened at ${arrival.time}, and not at ${[...body.times].join(' or ')}`;
  if (isDeepStrictEqual(arrival.data, body.data)) return undefined;
  return `tells ${JSON.stringify(arrival.data)}, and not ${JSON.stringify(body.data)}`;
}

/** Whether it may come again: the app could not know that it had arrived, or had no time to write it down. */
function isExcused({ isTold, sentBy, atMs }: Arrival, { deaths, cutsMs }: Disturbances): boolean {
  if (!isTold) return true;
  const endMs = atMs + TIMING.leaseMs;
  // What was on its way when its process died arrives after that.
  const diedMs = deaths.get(sentBy) ?? Number.POSITIVE_INFINITY;
  return diedMs <= endMs || cutsMs.some((cutMs) => cutMs >= atMs - 50 && cutMs <= endMs);
}
