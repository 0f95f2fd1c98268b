import { createHash } from 'node:crypto';

/**
 * By what the events of an e-mail address are found again, however it is written. It is another one in each store. Whoever guesses an address
 * can tell that it is this one, so it goes with what the events tell.
 */
export function emailHash(storeHash: string, email: string): Buffer {
  return createHash('sha256').update(`${storeHash}:${email.trim().toLowerCase()}`).digest();
}
