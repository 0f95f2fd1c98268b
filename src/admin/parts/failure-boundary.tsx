import { Component, type ReactNode } from 'react';
import { CannotStart } from './cannot-start.js';

/**
 * Says that the page broke, in place of nothing at all. Mostly a part of it could not be loaded: the network failed, or the app was
 * updated meanwhile. What was not saved waits in the browser's storage.
 */
export class FailureBoundary extends Component<
  { readonly children: ReactNode },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error() };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <CannotStart error={error} onAgain={() => location.reload()} /> : this.props.children;
  }
}
