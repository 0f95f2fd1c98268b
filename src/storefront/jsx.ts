import type { KnownZoneName } from '../catalog/zones.js';
import type { ExtoleZoneElement } from './global.js';
import type { ZoneEventListener, ZoneEventType } from './types.js';

/**
 * `<extole-zone>` for React 19's JSX. Nothing but types: `extole-bigcommerce/storefront/jsx`, to be named by an
 * `import type {}` or in the `types` of a tsconfig.
 */
export type ExtoleZoneAttributes = {
  /** Extole's zone name: a known one, or that of a zone of your campaign. */
  name: KnownZoneName | (string & {});
  /** Custom event data: a JSON object as text; values may hold placeholders. */
  'event-data'?: string | undefined;
  /** Which default fields to send, separated by spaces. Absent means all five, empty none. */
  fields?: string | undefined;
  /** `lazy`: asked for when it comes near the part of the page that is seen. Default `eager`. */
  loading?: 'lazy' | 'eager' | undefined;
  /** React knows custom elements by either name. */
  class?: string | undefined;
} & {
  /** React 19 listens to an element's own events by such a property. JSX has no way to write the colon: spread it. */
  [Type in ZoneEventType as `on${Type}`]?: ZoneEventListener | undefined;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'extole-zone': ExtoleZoneAttributes &
        React.DetailedHTMLProps<React.HTMLAttributes<ExtoleZoneElement>, ExtoleZoneElement>;
    }
  }
}
