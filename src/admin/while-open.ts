import type { Api } from './api.js';

/** How often a page asks again for what is under way. */
export const EVERY_MS = 5_000;

/** How often to ask while something is open. Once the session is over, nobody is answered. */
export const whileOpen = (api: Api, isOpen: boolean, everyMs = EVERY_MS): number | false =>
  isOpen && !api.session.hasEnded() && everyMs;
