import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { createApi } from './api.js';
import { App } from './app.js';
import { takeSession } from './take-session.js';

// zod would else look whether it may compile code, which the page's policy forbids and browsers report.
z.config({ jitless: true });

const element = document.getElementById('extole-admin');
if (element) {
  const channelId = Number(element.dataset.channel);
  const api = createApi(takeSession(document));
  createRoot(element).render(<App api={api} channelId={channelId} />);
}
