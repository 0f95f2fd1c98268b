import type { Failure } from '../../catalog/admin-api.js';
import { escapeHtml, htmlPage } from './html.js';

const STYLE = `
body { margin: 0; padding: 2rem 1rem; background: #f6f7fc; color: #313440; font: 1rem/1.5 "Source Sans 3", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem; border-radius: 4px; background: #fff; box-shadow: 0 1px 6px rgba(49, 52, 64, 0.2); overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; font-weight: 400; }
p { margin: 0 0 1rem; }
code { color: #5e637a; }
`;

/**
 * The page that says why there is no settings page, and what to do.
 *
 * @param styleNonce - What its policy lets styles in by.
 */
export function failurePage({ code, message }: Failure, styleNonce: string): string {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return htmlPage({
    head: `<style nonce="${styleNonce}">${STYLE}</style>`,
    body: `<main role="alert">
<h1>Extole can't be shown</h1>
<p>${escapeHtml(sentence)}</p>
<p><code>${escapeHtml(code)}</code></p>
</main>`,
  });
}
