/** A plain object of unknown values: what comes out of JSON, or out of a page's own scripts. */
export type Data = Record<string, unknown>;

/** The shopper who is signed in. Every member may be missing; an unknown value is never sent. */
export interface Customer {
  /** The BigCommerce customer id. `0` and empty count as unknown. */
  readonly id?: number | string | undefined;
  readonly email?: string | undefined;
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
  /** The full name as BigCommerce's page has it; split when first and last name are not known. */
  readonly name?: string | undefined;
}

/**
 * What the SDK knows about the page: plain data, named as merchants know it from BigCommerce's Handlebars objects.
 * `docs/page-context.md` lists the paths that our templates fill; more may be given, and placeholders find them.
 */
export interface PageContext {
  readonly page?: Data | undefined;
  readonly product?: Data | undefined;
  readonly category?: Data | undefined;
  readonly brand?: Data | undefined;
  readonly cart?: Data | undefined;
  readonly search?: Data | undefined;
  readonly order?: Data | undefined;
  /** `null` for a guest. */
  readonly customer?: Customer | null | undefined;
  readonly store?: Data | undefined;
  /** The code of the currency that the shopper sees: `USD`. */
  readonly currency?: string | undefined;
  /** The language that the shopper sees: `en`, `pt-BR`. Without it `<html lang>` counts. */
  readonly locale?: string | undefined;
  /** `{ href, path, query }`. Without it the address of the page counts. */
  readonly url?: Data | undefined;
}

/** The configuration, given to `start` or written to `window.extoleStorefront` before the script loads. */
export interface StorefrontConfig {
  /** The merchant's program domain, a bare host name: `share.brand.com`. */
  readonly programDomain?: string | undefined;
  /** The BigCommerce channel of this storefront. */
  readonly channelId?: number | string | undefined;
  /** Overlay-like zones (`overlay`, `confirmation`) that the page asks for without an element. */
  readonly zones?: readonly string[] | undefined;
  /** What the page says about itself. `setContext` and `identify` win over it. */
  readonly context?: PageContext | undefined;
  /** A token of BigCommerce's GraphQL Storefront API, to ask for the shopper's first and last name. */
  readonly storefrontApiToken?: string | undefined;
  /** The longest wait for the core tag before waiting zones are told, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** The page's CSP nonce. By default that of any script on the page. */
  readonly nonce?: string | undefined;
  /** Whether to say in the console what goes wrong and why. Also switched on by `?extole_debug` in the address. */
  readonly debug?: boolean | undefined;
}

/** A zone asked for by a script instead of an `<extole-zone>`. */
export interface ZoneOptions {
  /** Extole's zone name. */
  readonly name: string;
  /** Where the creative goes. Without it, and for overlay-like zones, Extole chooses the end of the page. */
  readonly element?: HTMLElement | undefined;
  /** Custom event data: an object, or JSON text; both may hold placeholders. */
  readonly eventData?: string | Data | undefined;
  /** Which default fields to send. Absent means all five, empty none. */
  readonly fields?: readonly string[] | undefined;
}

/** What an `extole-zone:…` event carries in its `detail`. */
export interface ZoneEventDetail {
  /** The zone's name; empty when the failure is not about one zone. */
  readonly name: string;
  /** On `extole-zone:failed` only: a stable code, see `docs/errors.md`. */
  readonly code?: string;
  /** On `extole-zone:failed`, where there is more to say than the code does. Holds no value of a shopper. */
  readonly message?: string | undefined;
}

/** The SDK's events, by type. They bubble from the zone's element; an overlay's come from `document`. */
export type ZoneEventType = 'extole-zone:requested' | 'extole-zone:rendered' | 'extole-zone:failed';

/** Extole's own global, as its JavaScript SDK documents it ("createZone Method"). */
export interface ExtoleGlobal {
  q?: unknown[];
  createZone?(settings: CreateZoneSettings, done?: (error?: unknown, zone?: unknown) => void): void;
  require?(modules: readonly string[], use: (userService: { logout(): void }) => void): void;
}

/** The first argument of Extole's `createZone`. */
export interface CreateZoneSettings {
  name: string;
  element?: HTMLElement;
  data: Data;
  jwt?: string;
}
