const keyOf = (storeHash: string, channelId: number): string => `extole-seen/${storeHash}/${channelId}`;

/** Whether somebody went from here to look at a storefront, in this browser. */
export function hasSeenStorefront(storeHash: string, channelId: number): boolean {
  try {
    return localStorage.getItem(keyOf(storeHash, channelId)) !== null;
  } catch {
    return false;
  }
}

/** Remembers that somebody did. */
export function keepStorefrontSeen(storeHash: string, channelId: number): void {
  try {
    localStorage.setItem(keyOf(storeHash, channelId), 'yes');
  } catch {
    // Full, or forbidden: then it is said once more at the next time.
  }
}
