import type { AppConfig } from '../config.js';

/** Where the route is. */
export const VERIFICATION_PATH = '/shoppers/verify';

/** Where the SDK has shoppers verified. */
export const verificationUrl = ({ appUrl }: Pick<AppConfig, 'appUrl'>): string =>
  `${appUrl}${VERIFICATION_PATH}`;
