import { type ReactNode, useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  return () => removeEventListener('popstate', listener);
}

/** The path of the page, now and after each change of route. On a server, the one given. */
export function usePath(path: string): string {
  return useSyncExternalStore(
    subscribe,
    () => location.pathname,
    () => path,
  );
}

/** A link that changes the route without loading a page, as Next's does. */
export function Link({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <a
      href={to}
      onClick={(event) => {
        event.preventDefault();
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }}
    >
      {children}
    </a>
  );
}
