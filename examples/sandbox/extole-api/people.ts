import { randomBytes } from 'node:crypto';

/** Somebody whom Extole knows, by an e-mail address or only by a browser. */
export interface Person {
  /** Extole's. */
  readonly id: string;
  /** In small letters. */
  readonly email: string | null;
  readonly partnerUserId: string | null;
  /** By whom they were brought; `null`: they came by themselves. */
  readonly referral: Referral | null;
}

/** A friend's coming by an advocate's link. It is one also where the friend gives several e-mail addresses. */
export interface Referral {
  readonly advocateId: string;
  readonly at: Date;
}

/** What a page says of the shopper in a zone's event data. */
export interface SaidOfPerson {
  readonly email?: unknown;
  readonly partner_user_id?: unknown;
}

/** Whom an account knows, and what they share. */
export interface People {
  /**
   * Who is behind a browser, by the cookie of the program domain and what a page says. A browser that names another e-mail address than before
   * is another person from then on; only that it came by a link stays.
   */
  identify(browserToken: string, said?: SaidOfPerson): Person;
  withEmail(email: unknown): Person | undefined;
  withId(id: string): Person | undefined;
  /** The code of a person's own link to a page, the same each time. */
  shareCodeOf(person: Person, address: string): string;
  /**
   * Notes that a browser came by a link. The first link counts, and nobody is their own friend.
   *
   * @returns The page that is shared; `undefined` where there is no such code.
   */
  land(browserToken: string, code: string): string | undefined;
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

interface Browser {
  person: Mutable<Person>;
  referral: Referral | null;
}

/** @param now - The time. */
export function createPeople(now: () => Date): People {
  const people = new Map<string, Mutable<Person>>();
  const byEmail = new Map<string, Mutable<Person>>();
  const browsers = new Map<string, Browser>();
  const shares = new Map<string, { readonly advocateId: string; readonly address: string }>();
  const shareCodes = new Map<string, string>();

  const add = (email: string | null): Mutable<Person> => {
    const id = `${7_465_313_346_146_000_000n + BigInt(people.size)}`;
    const person = { id, email, partnerUserId: null, referral: null };
    people.set(id, person);
    if (email) byEmail.set(email, person);
    return person;
  };
  const browserOf = (token: string): Browser => {
    const browser = browsers.get(token) ?? { person: add(null), referral: null };
    browsers.set(token, browser);
    return browser;
  };
  const named = (person: Mutable<Person>, email: string): Mutable<Person> => {
    const known = byEmail.get(email);
    if (known || person.email !== null) return known ?? add(email);
    person.email = email;
    byEmail.set(email, person);
    return person;
  };

  return {
    identify(token, said = {}) {
      const browser = browserOf(token);
      const email = emailOf(said.email);
      if (email) browser.person = named(browser.person, email);
      const { person, referral } = browser;
      if (typeof said.partner_user_id === 'string' && said.partner_user_id)
        person.partnerUserId = said.partner_user_id;
      if (referral?.advocateId !== person.id) person.referral ??= referral;
      return person;
    },
    withEmail: (email) => byEmail.get(emailOf(email) ?? ''),
    withId: (id) => people.get(id),
    shareCodeOf(person, address) {
      const key = `${person.id} ${address}`;
      const code = shareCodes.get(key) ?? randomBytes(5).toString('hex');
      shareCodes.set(key, code);
      shares.set(code, { advocateId: person.id, address });
      return code;
    },
    land(token, code) {
      const share = shares.get(code);
      if (!share) return undefined;
      const browser = browserOf(token);
      if (share.advocateId !== browser.person.id)
        browser.referral ??= { advocateId: share.advocateId, at: now() };
      return share.address;
    },
  };
}

/** An e-mail address as addresses are compared; `undefined` for what can't be one. */
export function emailOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return /^[^@\s]+@[^@\s]+$/.test(text) ? text : undefined;
}
