import { useSyncExternalStore } from 'react';
import type { Api } from './api.js';

/** Whether the app does not know the user any more. */
export const useSessionEnd = ({ session }: Api): boolean =>
  useSyncExternalStore(session.onEnd, session.hasEnded);
