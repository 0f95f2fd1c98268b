'use client';

import type { Data, DefaultField, ZoneEventDetail } from 'extole-bigcommerce/storefront';
import type { ExtoleZoneAttributes } from 'extole-bigcommerce/storefront/jsx';
import { type ReactNode, useSyncExternalStore } from 'react';

/** What an {@link ExtoleZone} takes. */
export interface ExtoleZoneProps extends Pick<ExtoleZoneAttributes, 'name' | 'loading'> {
  /** Custom event data: an object, or JSON text; both may hold placeholders. */
  eventData?: Data | string | undefined;
  /** Which default fields to send. Absent means all five, empty none. */
  fields?: readonly DefaultField[] | undefined;
  className?: string | undefined;
  /** The fallback: what shows until the creative comes, and where it can't come. */
  children?: ReactNode;
  onRendered?: ((detail: ZoneEventDetail) => void) | undefined;
  onFailed?: ((detail: ZoneEventDetail) => void) | undefined;
}

const neverChanges = () => () => {};
const inBrowser = () => true;
const onServer = () => false;

/**
 * A place for one of Extole's creatives.
 *
 * @example
 * <ExtoleZone name="product" eventData={{ url: '{{product.url}}' }}>Tell a friend</ExtoleZone>
 */
export function ExtoleZone({
  name,
  eventData,
  fields,
  loading,
  className,
  children,
  onRendered,
  onFailed,
}: ExtoleZoneProps) {
  // The server's page holds the fallback alone. Parts of a page hydrate one after the other, and a creative that came
  // before React did would not be what React expects to find.
  const isHydrated = useSyncExternalStore(neverChanges, inBrowser, onServer);
  if (!isHydrated) return <span className={className}>{children}</span>;

  const events: Pick<ExtoleZoneAttributes, `onextole-zone:${'rendered' | 'failed'}`> = {
    'onextole-zone:rendered': ({ detail }) => onRendered?.(detail),
    'onextole-zone:failed': ({ detail }) => onFailed?.(detail),
  };
  return (
    <extole-zone
      name={name}
      event-data={typeof eventData === 'object' ? JSON.stringify(eventData) : eventData}
      fields={fields?.join(' ')}
      loading={loading}
      className={className}
      {...events}
    >
      {/* The SDK takes the fallback out and puts it back, as one node of which React may still change the inside. */}
      <span style={{ display: 'contents' }}>{children}</span>
    </extole-zone>
  );
}
