/**
 * Makes a time up to a quarter shorter or longer, so that what failed together is not tried together.
 *
 * @param random - From 0 to less than 1.
 */
export const withJitter = (ms: number, random: number): number => ms * (0.75 + random / 2);
