/**
 * A zone that every Extole referral campaign comes with.
 *
 * Source: Extole, JavaScript SDK, "Marketing Tags" and "Event Tags".
 */
export interface KnownZone {
  /** Extole's zone name, as it stands in the Campaign Editor. */
  readonly name: string;
  /** What merchants call it in Page Builder and in the settings page. */
  readonly label: string;
  /** Whether the zone brings its own place (a pop-up, or nothing visible), so that no element is given to Extole. */
  readonly isOverlay: boolean;
}

/** The zones that merchants can choose by name; any other name is a custom zone and shows in its element. */
export const KNOWN_ZONES = [
  { name: 'global_header', label: 'Header', isOverlay: false },
  { name: 'global_footer', label: 'Footer', isOverlay: false },
  { name: 'product', label: 'Product', isOverlay: false },
  { name: 'overlay', label: 'Overlay', isOverlay: true },
  { name: 'confirmation', label: 'Order Confirmation', isOverlay: true },
] as const satisfies readonly KnownZone[];

/** The name of a zone that merchants can choose by name. */
export type KnownZoneName = (typeof KNOWN_ZONES)[number]['name'];

/**
 * The names of the zones that bring their own place. `conversion` and `registration` are Extole's event tags,
 * which show nothing at all. Kept as a bare list beside {@link KNOWN_ZONES} because shoppers pay for each byte.
 */
export const OVERLAY_ZONE_NAMES: readonly string[] = [
  'overlay',
  'confirmation',
  'conversion',
  'registration',
];

/**
 * Where an automatic zone goes: into the first of these regions that the theme has.
 *
 * Source: Cornerstone 6.21, `region name=` in its templates.
 */
export const ZONE_REGIONS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  global_header: ['header_bottom--global', 'header_navigation_bottom--global', 'header_bottom'],
  global_footer: ['ssl_site_seal--global'],
  product: ['product_below_price', 'product_below_content'],
};
