import type {
  Customer,
  PageContext,
  StorefrontConfig,
  ZoneEventListener,
  ZoneEventType,
  ZoneOptions,
} from './types.js';

/** What `window.extoleStorefront` offers once the SDK has loaded. Each is documented where the module exports it. */
export interface StorefrontApi {
  start(options?: StorefrontConfig): void;
  setContext(partial: PageContext): void;
  identify(customer: Customer | null): void;
  createZone(options: ZoneOptions): void;
  refresh(): void;
  consent(isGranted: boolean): void;
  logout(): void;
  stop(): void;
  on(type: ZoneEventType, listener: ZoneEventListener): void;
  off(type: ZoneEventType, listener: ZoneEventListener): void;
}

/**
 * A call made before the SDK was there: `['identify', [customer]]`, with a list or an `arguments` object. Where no argument is
 * needed, neither is the list.
 */
export type QueuedCall = {
  [Method in keyof StorefrontApi]: [] extends Parameters<StorefrontApi[Method]>
    ? readonly [method: Method, args?: Arguments<Method>]
    : readonly [method: Method, args: Arguments<Method>];
}[keyof StorefrontApi];

type Arguments<Method extends keyof StorefrontApi> = Readonly<Parameters<StorefrontApi[Method]>> | IArguments;

/** `window.extoleStorefront` before the script has loaded: the configuration, and calls that wait, in order. */
export type StorefrontBeforeLoad = StorefrontConfig & {
  readonly [Method in Exclude<keyof StorefrontApi, 'consent'>]?: undefined;
} & { q?: QueuedCall[]; readonly version?: undefined };

/** `window.extoleStorefront` once the script has loaded: the API. The `push` of its `q` carries calls out at once. */
export type StorefrontLoaded = Omit<StorefrontConfig, 'consent'> &
  StorefrontApi & { q: Pick<QueuedCall[], 'push'>; readonly version: `${number}.${number}.${number}` };

/**
 * `window.extoleStorefront`: the configuration before the script has loaded, the API with it from then on. `version` tells
 * which; `q?.push(['consent', [true]])` works with both.
 */
export type StorefrontGlobal = StorefrontBeforeLoad | StorefrontLoaded;

/** An `<extole-zone>`: a zone of Extole's, shown wherever the element stands. All that it takes are attributes. */
export interface ExtoleZoneElement extends HTMLElement {
  readonly localName: 'extole-zone';
}

declare global {
  interface Window {
    extoleStorefront?: StorefrontGlobal;
  }
  interface HTMLElementTagNameMap {
    'extole-zone': ExtoleZoneElement;
  }
}
