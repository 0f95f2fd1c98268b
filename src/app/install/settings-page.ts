import type { Session } from '../../catalog/admin-api.js';
import type { AdminFiles } from '../http/admin-files.js';
import { escapeHtml, htmlPage, jsonInScript } from '../http/html.js';

/** The settings page, as the control panel's frame gets it. What it does is `src/admin`'s. */
export function settingsPage(options: {
  readonly session: Session;
  readonly files: AdminFiles;
  /** What the page's policy lets scripts and styles in by. */
  readonly nonce: { readonly script: string; readonly style: string };
  readonly channelId: number | null;
}): string {
  const { session, files, nonce, channelId } = options;
  const data = channelId === null ? '' : ` data-channel="${channelId}"`;
  return htmlPage({
    head: [
      ...files.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
      ...files.preloads.map((href) => `<link rel="modulepreload" href="${escapeHtml(href)}">`),
      // BigDesign makes its styles in the browser, and marks them with this.
      `<script nonce="${nonce.script}">window.__webpack_nonce__ = ${jsonInScript(nonce.style)};</script>`,
      `<script type="module" src="${escapeHtml(files.script)}"></script>`,
    ].join('\n'),
    body: `<div id="extole-admin"${data}></div>
<script type="application/json" id="extole-session" nonce="${nonce.script}">${jsonInScript(session)}</script>`,
  });
}
