import type { Session } from '../catalog/admin-api.js';

/**
 * The session that came with the page. It is taken out of the document, so that nothing that is on the page later can read it there.
 *
 * @throws {Error} When there is none.
 */
export function takeSession(document: Document): Session {
  const element = document.getElementById('extole-session');
  element?.remove();
  const session: Session = JSON.parse(element?.textContent ?? 'null');
  return session;
}
