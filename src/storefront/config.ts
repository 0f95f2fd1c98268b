import type { StorefrontConfig } from './types.js';

/** What the SDK was started with. */
export let config: StorefrontConfig = {};

/** Adds to the configuration; without anything to add, forgets it. */
export function configure(more?: StorefrontConfig): void {
  config = more ? { ...config, ...more } : {};
}
