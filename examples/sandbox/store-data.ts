/** What the sample store sells, to whom. Names and titles hold what real ones hold, and what attackers put there. */

/** Languages of the theme; the first is the fallback. */
export const LANGUAGES = ['en', 'de', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a currency shows as. Prices are kept in US dollars. */
export const CURRENCIES = {
  USD: { id: 1, name: 'US Dollar', perDollar: 1, locale: 'en-US' },
  EUR: { id: 2, name: 'Euro', perDollar: 0.92, locale: 'de-DE' },
} as const;
export type Currency = keyof typeof CURRENCIES;

/** What a price in US dollars is in a currency. */
export function priceIn(currency: Currency, valueUsd: number): number {
  return inCents(valueUsd * CURRENCIES[currency].perDollar);
}

/** Rounds an amount of money to what can be paid. */
export function inCents(amount: number): number {
  return Number(amount.toFixed(2));
}

export interface Category {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly description: string;
}

export interface Brand {
  readonly name: string;
  readonly path: string;
}

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly title: string;
  readonly path: string;
  readonly image: string;
  readonly imageAlt: string;
  readonly summary: string;
  readonly priceUsd: number;
  readonly category: Category;
  readonly brand: Brand;
  readonly rating: number;
  readonly reviewCount: number;
  readonly tags: readonly string[];
}

/** A customer of the store as BigCommerce knows one. */
export interface Shopper {
  /** What the sign-in switch calls it. */
  readonly key: string;
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

export interface ContentPage {
  readonly id: number;
  readonly title: string;
  readonly path: string;
  readonly content: string;
}

const KITCHEN: Category = {
  id: 23,
  name: 'Kitchen',
  path: '/kitchen/',
  description: 'Things you reach for every morning, made to be kept for years.',
};
const OUTDOORS: Category = {
  id: 24,
  name: 'Outdoors',
  path: '/outdoors/',
  description: 'For slow evenings by the fire, and the walk to get there.',
};
export const CATEGORIES: readonly Category[] = [KITCHEN, OUTDOORS];

const FIRESIDE: Brand = { name: 'Fireside Pottery', path: '/brands/fireside-pottery/' };
const NORTHWAY: Brand = { name: 'Northway & Sons', path: '/brands/northway-sons/' };
export const BRANDS: readonly Brand[] = [FIRESIDE, NORTHWAY];

export const PRODUCTS: readonly Product[] = [
  {
    id: 111,
    sku: 'MUG-01',
    title: 'Stoneware Mug',
    path: '/stoneware-mug/',
    image: 'mug.svg',
    imageAlt: 'A grey-green stoneware mug with a raw clay foot',
    summary:
      'Thrown by hand and glazed twice. Holds 350 ml and keeps it warm a little longer than it should.',
    priceUsd: 24,
    category: KITCHEN,
    brand: FIRESIDE,
    rating: 5,
    reviewCount: 48,
    tags: ['mug', 'handmade'],
  },
  {
    id: 112,
    sku: 'KET-01',
    title: 'Pour-Over Kettle',
    path: '/pour-over-kettle/',
    image: 'kettle.svg',
    imageAlt: 'A dark green kettle with a long curved spout',
    summary: 'A slow, steady spout and a handle that stays cool. For gas, electric and induction.',
    priceUsd: 79,
    category: KITCHEN,
    brand: NORTHWAY,
    rating: 4,
    reviewCount: 31,
    tags: ['coffee', 'tea'],
  },
  {
    id: 113,
    sku: 'BRD-01',
    title: 'Olive Wood Board',
    path: '/olive-wood-board/',
    image: 'board.svg',
    imageAlt: 'A round-edged board of olive wood with a bread knife',
    summary: 'Cut from a single piece. No two have the same grain; each is oiled before it leaves us.',
    priceUsd: 46.5,
    category: KITCHEN,
    brand: NORTHWAY,
    rating: 5,
    reviewCount: 17,
    tags: ['wood', 'serving'],
  },
  {
    id: 211,
    sku: 'LAN-01',
    title: 'Camp Lantern',
    path: '/camp-lantern/',
    image: 'lantern.svg',
    imageAlt: 'A brass lantern that glows in the dark',
    summary: 'Forty hours of warm light from one charge, dimmed by turning the brass cap.',
    priceUsd: 58,
    category: OUTDOORS,
    brand: NORTHWAY,
    rating: 4,
    reviewCount: 22,
    tags: ['light'],
  },
  {
    id: 212,
    sku: 'BLA-01',
    title: 'Wool Blanket',
    path: '/wool-blanket/',
    image: 'blanket.svg',
    imageAlt: 'A folded wool blanket with rust-coloured stripes',
    summary: 'Woven from undyed wool with three stripes. Heavy enough for October, light enough to carry.',
    priceUsd: 120,
    category: OUTDOORS,
    brand: NORTHWAY,
    rating: 5,
    reviewCount: 64,
    tags: ['wool'],
  },
  {
    id: 213,
    sku: `POT-"5'`,
    // A title that breaks a page wherever it is printed without care.
    title: `"Trail's End" Enamel Pot </script><!-- ⛺\u2028for 2`,
    path: '/trails-end-enamel-pot/',
    image: 'pot.svg',
    imageAlt: `A blue enamel pot with a "Trail's End" badge`,
    summary:
      'Boils a litre over three twigs & a bit of patience. Its name is a test: watch that no page breaks.',
    priceUsd: 34,
    category: OUTDOORS,
    brand: FIRESIDE,
    rating: 4,
    reviewCount: 9,
    tags: ['<b>enamel</b>', 'camp'],
  },
];

export const CONTENT_PAGES: readonly ContentPage[] = [
  {
    id: 12,
    title: 'Our story',
    path: '/our-story/',
    content:
      '<p>Juniper &amp; Oak began with one kiln, one loom and two neighbours who liked things that last.</p><p>We still know everybody who makes what we sell, and we still pack each box ourselves.</p>',
  },
];

export const SHOPPERS: readonly Shopper[] = [
  // Two first names: splitting the full name would get this wrong.
  { key: 'mary', id: 7, firstName: 'Mary Ann', lastName: 'Evans', email: 'mary.ann@example.com' },
  {
    key: 'zoe',
    id: 8,
    firstName: 'Zoë 🦊',
    lastName: `O'Neil</script><b>`,
    email: `zoe.o'neil+shop@example.com`,
  },
  { key: 'teller', id: 9, firstName: 'Teller', lastName: '', email: 'teller@example.com' },
];

/** The full name, which is all that BigCommerce's page has. */
export function fullName({ firstName, lastName }: Shopper): string {
  return `${firstName} ${lastName}`.trim();
}
