import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a secret is the right one, told in a time that says nothing of how alike they are. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
