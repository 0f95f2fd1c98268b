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
  /**
   * Automatic zones, by Extole's names: shown without anybody placing them, in the theme's regions (`global_header`,
   * `global_footer`, `product`) or as an overlay (`overlay`, `confirmation`). One that a widget or the theme has already is
   * left to it.
   */
  readonly zones?: readonly string[] | undefined;
  /**
   * Whether the shopper has to agree before anything leaves the page: before `consent(true)`, or before BigCommerce's banner
   * tells so, no request is made, no cookie or storage is touched, and calls wait. Default `not-required`.
   */
  readonly consent?: 'required' | 'not-required' | undefined;
  /** Which category of BigCommerce's consent banner counts, where consent is required. Default `targeting`. */
  readonly consentCategory?: 'functional' | 'analytics' | 'targeting' | undefined;
  /** Whether the order confirmation page tells Extole of the order, beside the server, once. Default `false`. */
  readonly conversion?: boolean | undefined;
  /** Where the app proves to Extole who is signed in; without it zones go unverified. */
  readonly verification?: Verification | undefined;
  /**
   * Whether zones show a labelled box and ask Extole for nothing. Without a word on it, they do so in BigCommerce's Page
   * Builder only, as far as a page can tell that it is open there.
   */
  readonly preview?: boolean | undefined;
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

/**
 * How a signed-in shopper is verified: BigCommerce says who it is (`/customer/current.jwt`), the app's server turns that into
 * a short-lived JWT of Extole's.
 *
 * Sources: BigCommerce, "Current Customer API"; Extole, "Verifying Consumers".
 */
export interface Verification {
  /** The app's client id at BigCommerce, for which it signs. */
  readonly appClientId: string;
  /**
   * The app's endpoint, an absolute address. It gets a `POST` whose body is BigCommerce's JWT as `text/plain` (so that no
   * preflight is due) and answers `200 { "jwt": "…", "expires_in_seconds": 300 }` with `Access-Control-Allow-Origin`.
   * Whatever else it answers leaves the shopper unverified.
   */
  readonly url: string;
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
  /** On `extole-zone:failed` with a code of the core tag: whether it is tried again, so that the creative may still come. */
  readonly willRetry?: boolean | undefined;
}

/** The SDK's events, by type. They bubble from the zone's element; an overlay's come from `document`. */
export type ZoneEventType = 'extole-zone:requested' | 'extole-zone:rendered' | 'extole-zone:failed';

/** A listener for the SDK's events. */
export type ZoneEventListener = (event: CustomEvent<ZoneEventDetail>) => void;

declare global {
  interface DocumentEventMap extends Record<ZoneEventType, CustomEvent<ZoneEventDetail>> {}
  interface HTMLElementEventMap extends Record<ZoneEventType, CustomEvent<ZoneEventDetail>> {}
}

/** Extole's own global, as its JavaScript SDK documents it ("createZone Method"). */
export interface ExtoleGlobal {
  /** Calls that wait: `['createZone', arguments]`. Others put theirs here too, so nothing of it is certain. */
  q?: (readonly [method?: string, args?: ArrayLike<unknown>] | null | undefined)[];
  createZone?(settings: CreateZoneSettings, done?: (error?: unknown, zone?: unknown) => void): void;
  require?(modules: readonly string[], use: (userService: { logout(): unknown }) => void): void;
}

/** The first argument of Extole's `createZone`. */
export interface CreateZoneSettings {
  name: string;
  element?: HTMLElement;
  data: Data;
  jwt?: string;
}
