/// <reference types="vite/client" />

import { StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app.js';

declare global {
  interface ImportMetaEnv {
    readonly VITE_EXTOLE_PROGRAM_DOMAIN?: string;
  }
}

/** By default the program domain that `npm start` starts. */
const programDomain = import.meta.env.VITE_EXTOLE_PROGRAM_DOMAIN ?? 'localhost:4001';

const root = document.getElementById('root');
if (root) {
  const app = (
    <StrictMode>
      <App programDomain={programDomain} origin={location.origin} path={location.pathname} />
    </StrictMode>
  );
  // A server may have rendered the page, as Next does.
  if (root.firstChild) hydrateRoot(root, app);
  else createRoot(root).render(app);
}
