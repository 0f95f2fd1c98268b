import type { ExtoleEvent } from './events.js';
import { emailOf, type People, type Person, type Referral } from './people.js';
import { ADVOCATE_SUPPLIER_ID, type EarnedReward, FRIEND_SUPPLIER_ID, type Rewards } from './rewards.js';

/** The names under which Extole takes an order for one. Source: Extole, "Inbound events". */
const CONVERSIONS = ['conversion', 'converted', 'customer', 'outcome', 'transacted'];

/** The rules of the referral program: give $20, get $20. */
export interface Referrals {
  /**
   * Hears what a server told of an order. A friend's order earns the advocate a reward; a reward's code in it makes that reward redeemed.
   * What a page alone says of an order earns nothing.
   */
  hear(event: ExtoleEvent): void;
  /** Looks whether a person's order came before it was known that they are a friend. To be called when more is known of them. */
  settle(person: Person): void;
  /** Whether the welcome offer is still there for a person. */
  offersWelcome(person: Person): boolean;
  /** Gives a friend the welcome offer, once. Somebody who is no friend, or has no e-mail address, gets none. */
  welcome(person: Person): void;
  /** What a person earned and can still use or wait for, the oldest first. */
  openRewards(person: Person): readonly EarnedReward[];
}

/** An order that a server told of. */
interface HeardOrder {
  readonly event: ExtoleEvent;
  readonly heardAt: Date;
}

/**
 * A friend is who came by an advocate's link, and then bought. That an order is a friend's shows by its e-mail address, which the zones' event
 * data told of the friend's browser, at the latest on the order confirmation; or by its coupon code, which the friend got as a welcome. It
 * does not matter which comes first, the order or the address. Each coming earns the advocate one reward.
 */
export function createReferrals(options: {
  readonly people: People;
  readonly rewards: Rewards;
  readonly now: () => Date;
}): Referrals {
  const { people, rewards, now } = options;
  /** The last order of each e-mail address. */
  const orders = new Map<string, HeardOrder>();
  const rewarded = new Set<Referral>();
  const welcomed = new Set<Referral>();

  const count = ({ referral }: Person, { event, heardAt }: HeardOrder): void => {
    if (!referral || rewarded.has(referral) || heardAt < referral.at) return;
    const advocate = people.withId(referral.advocateId);
    const { email, cart_value: value } = event.data;
    // Nor is the order of an advocate who took a friend's code.
    if (!advocate || advocate === people.withEmail(email)) return;
    rewarded.add(referral);
    rewards.earn({
      supplierId: ADVOCATE_SUPPLIER_ID,
      ...recipient(advocate),
      causeEventId: event.id,
      eventValue: typeof value === 'string' ? value : null,
    });
  };
  /** @returns Who had earned the codes. */
  const redeem = (codes: readonly string[]): Person[] =>
    rewards.all().flatMap(({ id, state, partnerRewardId, personId }) => {
      const isOut = state === 'FULFILLED' || state === 'SENT';
      if (!isOut || partnerRewardId === null || !codes.includes(partnerRewardId)) return [];
      rewards.change(id, 'REDEEMED');
      return people.withId(personId) ?? [];
    });

  return {
    hear(event) {
      if (event.isDuplicate || !CONVERSIONS.includes(event.name)) return;
      const order = { event, heardAt: now() };
      const { coupon_code: codes } = event.data;
      const email = emailOf(event.data.email);
      if (email) orders.set(email, order);
      const buyers = [
        people.withEmail(email),
        ...(typeof codes === 'string' && codes ? redeem(codes.split(',')) : []),
      ];
      for (const person of buyers) if (person) count(person, order);
    },
    settle(person) {
      const order = orders.get(person.email ?? '');
      if (order) count(person, order);
    },
    offersWelcome: ({ referral }) => referral !== null && !welcomed.has(referral),
    welcome(person) {
      const { referral, email } = person;
      if (!referral || email === null || welcomed.has(referral)) return;
      welcomed.add(referral);
      rewards.earn({ supplierId: FRIEND_SUPPLIER_ID, ...recipient(person) });
    },
    openRewards: ({ id }) =>
      rewards
        .all()
        .filter(({ personId, state }) => personId === id && ['EARNED', 'FULFILLED', 'SENT'].includes(state)),
  };
}

const recipient = ({ id: personId, email, partnerUserId }: Person) => ({ personId, email, partnerUserId });
