import { z } from 'zod';
import {
  type ExtoleApi,
  extoleError,
  startExtoleApi,
} from '../../../examples/sandbox/extole-api/extole-api.js';
import { type FaultProxy, type Passing, startFaultProxy } from './fault-proxy.js';
import type { Draw } from './random.js';
import type { BenchStore } from './stores.js';
import { type Troubles, troublesOf } from './troubles.js';

/** An event that reached Extole. */
export interface Arrival {
  /** Whose token it came with. */
  readonly storeHash: string;
  readonly name: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Which of the app's processes sent it. */
  readonly sentBy: number;
  readonly atMs: number;
  /** Whether the app got the answer. */
  isTold: boolean;
}

/** Extole, with an account for each store. */
export interface ExtoleSide {
  /** Where a process of the app finds it. */
  urlFor(processNumber: number): string;
  /** The account of each store. A reward's `causeEventId` is what the bench calls it. */
  readonly accounts: ReadonlyMap<string, ExtoleApi>;
  /** The oldest first. */
  readonly arrivals: readonly Arrival[];
  /** Which codes Extole was told of a reward, whether it took them or not; by the reward's id. */
  readonly toldCodes: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many requests went how. */
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** 30 of 100 requests go wrong; a fourth of these arrive all the same. */
const TROUBLES: Troubles = [
  ['500', 0.1, extoleError('software_error')],
  ['503', 0.07, { status: 503 }],
  ['cut before it arrived', 0.035, { answer: 'breaks', hasArrived: false }],
  ['timeout', 0.005, { answer: 'is awaited', hasArrived: false }],
  ['answer cut', 0.07, { answer: 'breaks', hasArrived: true }],
  ['answer lost', 0.005, { answer: 'is awaited', hasArrived: true }],
  ['429', 0.004, extoleError('too_many_requests')],
  ['429 with Retry-After', 0.001, { ...extoleError('too_many_requests'), headers: { 'retry-after': '1' } }],
  ['late', 0.01, { delayMs: 300 }],
];

/** Starts it. */
export async function startExtoleSide(draw: Draw, stores: readonly BenchStore[]): Promise<ExtoleSide> {
  const accounts = await Promise.all(
    stores.map(async ({ storeHash }) => ({ storeHash, api: await startExtoleApi() })),
  );
  for (const { api } of accounts) api.setKeptCalls(0);
  const byToken = new Map(accounts.map((account) => [`Bearer ${account.api.accessToken}`, account]));
  const arrivals: Arrival[] = [];
  const toldCodes = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };

  const troubleFor = troublesOf({ draw, side: 'extole', troubles: TROUBLES, count });

  const proxy: FaultProxy = await startFaultProxy((passing) => {
    const account = byToken.get(passing.headers.authorization ?? '') ?? accounts[0];
    const [, sentBy, path = '/'] = /^\/process-(\d+)(\/.*)$/.exec(passing.path) ?? [];
    if (!account) return undefined;
    return {
      to: account.api.url,
      path,
      trouble: troubleFor(path.startsWith('/v6/') ? passing.body : nameOf(passing.method, path, account)),
      onArrived(status) {
        if (!path.startsWith('/v6/')) {
          noteCode(path, passing, toldCodes);
          return () => {};
        }
        if (status !== 200) {
          count(`refused with ${status}`);
          return () => {};
        }
        const said: { event_name: string; event_time: string; data: Record<string, unknown> } = JSON.parse(
          passing.body,
        );
        const arrival: Arrival = {
          storeHash: account.storeHash,
          name: said.event_name,
          time: said.event_time,
          data: said.data,
          sentBy: Number(sentBy),
          atMs: Date.now(),
          isTold: false,
        };
        arrivals.push(arrival);
        return (isTold) => {
          arrival.isTold = isTold;
        };
      },
    };
  });
  return {
    urlFor: (processNumber) => `${proxy.url}/process-${processNumber}`,
    accounts: new Map(accounts.map(({ storeHash, api }) => [storeHash, api])),
    arrivals,
    toldCodes,
    counts,
    async close() {
      await proxy.close();
      await Promise.all(accounts.map(({ api }) => api.close()));
    },
  };
}

/** What is asked about rewards, in words that are the same for each seed. */
function nameOf(
  method: string,
  path: string,
  { storeHash, api }: { readonly storeHash: string; readonly api: ExtoleApi },
): string {
  const { pathname, searchParams } = new URL(path, 'http://extole');
  const named = pathname.replace(/[0-9a-f]{24}/, (id) => api.reward(id).causeEventId);
  return [storeHash, method, named, ...searchParams.getAll('state')].join(' ');
}

const CODE_BODY = z.object({ partner_reward_id: z.string() });

function noteCode(path: string, { body }: Passing, toldCodes: Map<string, Set<string>>): void {
  const [, rewardId] = /\/custom-reward\/(\w+)\/fulfilled/.exec(path) ?? [];
  if (rewardId === undefined) return;
  const codes = toldCodes.get(rewardId) ?? new Set();
  toldCodes.set(rewardId, codes.add(CODE_BODY.parse(JSON.parse(body)).partner_reward_id));
}
