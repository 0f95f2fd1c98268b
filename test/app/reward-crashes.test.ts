import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Fault,
  mortal,
  type RewardWorld,
  START,
  STORE,
  startRewardWorld,
} from '../support/reward-world.js';

/*
 * A reward ends with one code, which Extole is told once, whatever dies or is lost on the way, and whoever else works at it at the same time.
 */

let world: RewardWorld;
beforeAll(async () => {
  world = await startRewardWorld();
});
beforeEach(() => world.reset());
afterAll(() => world?.close());

interface Course {
  readonly name: string;
  /** Up to where something is about to happen to reward `r1`. */
  prepare(): Promise<void>;
  /** Holds the end to what it should be, whatever happened. */
  expectEnd(step: string): Promise<void>;
}

const expectOneCode = async (step: string): Promise<void> => {
  const { state, due_at: dueAt } = await world.reward('r1');
  expect({ state, dueAt }, step).toEqual({ state: 'fulfilled', dueAt: null });
  const told = world.rewards.get('r1');
  expect(told?.history, step).toEqual(['FULFILLED']);
  expect(
    [...world.codes.values()].map(({ code }) => code),
    step,
  ).toEqual([told?.partnerRewardId]);
  const rows = (await world.codeRows()).filter(({ state }) => state !== 'deleted');
  expect(
    rows.map(({ state, code, reward_id }) => ({ state, code, reward_id })),
    step,
  ).toEqual([{ state: 'made', code: told?.partnerRewardId, reward_id: 'r1' }]);
};

const expectNoCode =
  (state: string, history: readonly string[]) =>
  async (step: string): Promise<void> => {
    const { state: ours, due_at: dueAt } = await world.reward('r1');
    expect({ ours, dueAt }, step).toEqual({ ours: state, dueAt: null });
    expect(world.rewards.get('r1')?.history, step).toEqual(history);
    expect([...world.codes.keys()], step).toEqual([]);
    expect(
      (await world.codeRows()).filter((row) => row.state !== 'deleted'),
      step,
    ).toEqual([]);
  };

/** Loses the answer to what makes a code, so that our tables do not know it. */
const loseCode: Fault = (call, carryOut) => {
  const answer = carryOut();
  return /POST .*\/(codes|codegen)$/.test(call.name) ? 'lost' : answer;
};

const earned = (partnerSupplierId: string, name: string): Course => ({
  name,
  prepare: () => world.earn('r1', { partnerSupplierId }),
  expectEnd: expectOneCode,
});

const tookBack = (
  partnerSupplierId: string,
  name: string,
  state: 'CANCELED' | 'FAILED',
  ours: string,
): Course => ({
  name,
  async prepare() {
    await world.earn('r1', { partnerSupplierId });
    world.setFault(loseCode);
    await world.turn();
    world.setFault();
    const reward = world.rewards.get('r1');
    if (reward) reward.state = state;
    await world.hear('r1');
  },
  expectEnd: expectNoCode(ours, []),
});

const COURSES: readonly Course[] = [
  earned('12', 'one of which we draw the code'),
  earned('13', 'one of which BigCommerce draws the code'),
  {
    name: 'one that gets a code which is kept ready',
    async prepare() {
      world.codes.set(1, {
        id: 1,
        code: 'READY-1',
        promotionId: 13,
        max_uses: 1,
        max_uses_per_customer: 1,
        current_uses: 0,
      });
      await world.deps.db
        .insertInto('coupon_code')
        .values({
          store_hash: STORE,
          channel_id: 1,
          promotion_id: 13,
          max_uses: 1,
          max_uses_per_customer: 1,
          code: 'READY-1',
          marker: 'READY-1',
          state: 'made',
          created_at: START,
          made_at: START,
        })
        .execute();
      await world.earn('r1', { partnerSupplierId: '13' });
    },
    expectEnd: expectOneCode,
  },
  tookBack('12', 'one that was canceled, with a code nobody told us of', 'CANCELED', 'canceled'),
  tookBack('13', 'one that was canceled, with a drawn code nobody told us of', 'CANCELED', 'canceled'),
  tookBack('12', 'one that Extole failed, with a code nobody told us of', 'FAILED', 'failed'),
  tookBack('13', 'one that Extole failed, with a drawn code nobody told us of', 'FAILED', 'failed'),
  {
    name: 'one whose promotion ended after a code of it was made that nobody told us of',
    async prepare() {
      await world.earn('r1');
      world.setFault(loseCode);
      await world.turn();
      world.setFault();
      const promotion = world.promotions.get(12);
      if (promotion) promotion.end_date = START.toISOString();
      await world.hear('r1');
    },
    expectEnd: expectNoCode('failed', ['FAILED']),
  },
];

/** Where a process can die: at a call, before or after it is carried out, or before it asks its database something. */
interface Death {
  readonly at: 'call' | 'query';
  readonly number: number;
  readonly isCarriedOut: boolean;
}

const nameOf = ({ at, number, isCarriedOut }: Death): string =>
  `died at ${at} ${number}${isCarriedOut ? ', carried out' : ''}`;

/** A turn in a process that dies, if it gets so far. @returns How many calls and queries there were. */
async function mortalTurn(death?: Death): Promise<{ readonly calls: number; readonly queries: number }> {
  let calls = 0;
  let queries = 0;
  const process = mortal(world.deps.db, () => {
    if (process.isDead) return;
    queries += 1;
    if (death?.at === 'query' && death.number === queries) process.kill();
  });
  world.setFault((call, carryOut) => {
    calls += 1;
    if (process.isDead || (death?.at === 'call' && death.number === calls)) {
      if (!process.isDead && death?.isCarriedOut) carryOut();
      process.kill();
      // BigCommerce's client would try these again, which nobody is there to do.
      return /^POST|rewards/.test(call.name) ? 'lost' : { status: 400 };
    }
    return carryOut();
  });
  await world.turn({ db: process.db }).catch((error: unknown) => {
    if (!process.isDead) throw error;
  });
  world.setFault();
  return { calls, queries };
}

function deathsIn({ calls, queries }: { readonly calls: number; readonly queries: number }): Death[] {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...numbers(calls).flatMap((number) => [
      { at: 'call', number, isCarriedOut: false } as const,
      { at: 'call', number, isCarriedOut: true } as const,
    ]),
    ...numbers(queries).map((number) => ({ at: 'query', number, isCarriedOut: false }) as const),
  ];
}

describe.each(COURSES)('$name', ({ prepare, expectEnd }) => {
  it('ends as it should when nothing happens', async () => {
    await prepare();
    await world.settle();
    await expectEnd('undisturbed');
  });

  it('ends as it should wherever the process dies', async () => {
    await prepare();
    const deaths = deathsIn(await mortalTurn());
    expect(deaths.length).toBeGreaterThan(15);
    for (const death of deaths) {
      await world.reset();
      await prepare();
      await mortalTurn(death);
      await world.settle();
      await expectEnd(nameOf(death));
    }
  }, 60_000);

  it('ends as it should whichever answer is lost', async () => {
    await prepare();
    const { calls } = await mortalTurn();
    for (let number = 1; number <= calls; number += 1) {
      for (const isCarriedOut of [false, true]) {
        await world.reset();
        await prepare();
        let count = 0;
        world.setFault((call, carryOut) => {
          count += 1;
          if (count !== number) return carryOut();
          if (isCarriedOut) carryOut();
          // What only asks is asked again by BigCommerce's client itself, which takes its time.
          return /^POST|rewards/.test(call.name) ? 'lost' : { status: 400 };
        });
        await world.turn();
        world.setFault();
        await world.settle();
        await expectEnd(`answer ${number} lost${isCarriedOut ? ', carried out' : ''}`);
      }
    }
  }, 60_000);

  it('ends as it should when a process that is thought dead goes on while another one works at it', async () => {
    await prepare();
    const { calls } = await mortalTurn();
    for (let number = 1; number <= calls; number += 1) {
      for (const isCarriedOut of [false, true]) {
        await world.reset();
        await prepare();
        const late = await heldTurn(number, isCarriedOut);
        world.clock.timeMs += world.deps.timing.leaseMs;
        await world.turn();
        await late.goOn();
        await world.settle();
        await expectEnd(`late at call ${number}${isCarriedOut ? ', carried out' : ''}`);
      }
    }
  }, 60_000);
});

describe.each(COURSES.slice(0, 2))('$name', ({ prepare, expectEnd }) => {
  it('ends as it should when the next process dies as well, wherever', async () => {
    await prepare();
    const firsts = deathsIn({ ...(await mortalTurn()), queries: 0 });
    for (const first of firsts) {
      for (let number = 1, isThere = true; isThere; number += 1) {
        await world.reset();
        await prepare();
        await mortalTurn(first);
        world.clock.timeMs += world.deps.timing.leaseMs;
        const { calls } = await mortalTurn({ at: 'call', number, isCarriedOut: true });
        isThere = calls >= number;
        await world.settle();
        await expectEnd(`${nameOf(first)}, then at call ${number}`);
      }
    }
  }, 120_000);

  it('leaves no code when it is canceled while a process that is thought dead goes on', async () => {
    await prepare();
    const { calls } = await mortalTurn();
    for (let number = 1; number <= calls; number += 1) {
      for (const isCarriedOut of [false, true]) {
        await world.reset();
        await prepare();
        const late = await heldTurn(number, isCarriedOut);
        const reward = world.rewards.get('r1');
        if (reward) reward.state = 'CANCELED';
        await world.hear('r1');
        await world.turn();
        await late.goOn();
        await world.settle();
        const step = `late at call ${number}${isCarriedOut ? ', carried out' : ''}`;
        expect((await world.reward('r1')).state, step).toBe('canceled');
        expect([...world.codes.keys()], step).toEqual([]);
      }
    }
  }, 60_000);

  it('leaves no code that we do not know when Extole fails it while a process that is thought dead goes on', async () => {
    await prepare();
    const { calls } = await mortalTurn();
    for (let number = 1; number <= calls; number += 1) {
      for (const isCarriedOut of [false, true]) {
        await world.reset();
        await prepare();
        const late = await heldTurn(number, isCarriedOut);
        const reward = world.rewards.get('r1');
        const wasEarned = reward?.state === 'EARNED';
        if (reward && wasEarned) reward.state = 'FAILED';
        await world.hear('r1');
        await world.turn();
        await late.goOn();
        // What the late one told Extole, Extole tells us.
        await world.hear('r1');
        await world.settle();
        const step = `late at call ${number}${isCarriedOut ? ', carried out' : ''}`;
        const isFulfilled = reward?.state === 'FULFILLED';
        expect((await world.reward('r1')).state, step).toBe(isFulfilled ? 'fulfilled' : 'failed');
        const known = (await world.codeRows()).filter(({ state }) => state !== 'deleted');
        expect(
          known.every(({ state, reward_id }) => state === 'made' && reward_id === 'r1'),
          step,
        ).toBe(true);
        expect(
          [...world.codes.values()].map(({ code }) => code),
          step,
        ).toEqual(known.map(({ code }) => code));
      }
    }
  }, 60_000);
});

/** A turn that stands still at a call, before or after it is carried out. Settles when it does. */
async function heldTurn(number: number, isCarriedOut: boolean): Promise<{ goOn(): Promise<void> }> {
  let release = (): void => {};
  let hold = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  let count = 0;
  world.setFault(async (_call, carryOut) => {
    count += 1;
    if (count !== number) return carryOut();
    const early = isCarriedOut ? carryOut() : undefined;
    hold();
    await released;
    return early ?? carryOut();
  });
  const turn = world.turn();
  await held;
  return {
    goOn() {
      release();
      return turn;
    },
  };
}
