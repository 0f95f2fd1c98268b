'use client';

import {
  type Customer,
  identify,
  type PageContext,
  type StorefrontConfig,
  setContext,
  start,
  stop,
} from 'extole-bigcommerce/storefront';
import { useEffect, useState } from 'react';

/** What an {@link ExtoleProvider} takes. */
export interface ExtoleProviderProps {
  /** What to start with. What later renders bring is ignored. */
  readonly config: StorefrontConfig;
  /** Who is signed in; `null` for a guest. Without it nothing is said, until it is known. */
  readonly customer?: Customer | null | undefined;
  /** What is the same on every page: store, currency, locale. Each page adds its own with {@link ExtolePage}. */
  readonly context?: PageContext | undefined;
}

/** Starts the SDK for as long as it is mounted. Shows nothing: put one into the layout, beside the page. */
export function ExtoleProvider({ config, customer, context }: ExtoleProviderProps) {
  const [startConfig] = useState(config);

  // What is said before the start is known when zones are asked for. StrictMode, which mounts twice, says it twice, too.
  useEffect(() => {
    if (context) setContext(context);
  }, [context]);
  useEffect(() => {
    if (customer !== undefined) identify(customer);
  }, [customer]);
  useEffect(() => {
    start(startConfig);
    return stop;
  }, [startConfig]);

  return null;
}

/**
 * Says what the page is about for as long as it is mounted: `product` on a product page. Zones whose data changed by it are
 * asked for again.
 */
export function ExtolePage({ context }: { readonly context: PageContext }) {
  useEffect(() => {
    setContext(context);
    return () => setContext(Object.fromEntries(Object.keys(context).map((name) => [name, undefined])));
  }, [context]);

  return null;
}
