import { GUEST_KEY, signInUrl, switchUrl } from './addresses.js';
import { escapeHtml } from './html.js';
import type { Order } from './orders.js';
import {
  BRANDS,
  type Brand,
  CATEGORIES,
  type Category,
  CONTENT_PAGES,
  type ContentPage,
  CURRENCIES,
  type Currency,
  fullName,
  type Language,
  PRODUCTS,
  type Product,
  priceIn,
  type Shopper,
} from './store-data.js';

/** Which page is asked for, by BigCommerce's page types. */
export type StorePage =
  | { readonly type: 'default' | 'cart' | 'account_orderstatus' | 'login' | '404' }
  | { readonly type: 'product'; readonly product: Product }
  | { readonly type: 'category'; readonly category: Category }
  | { readonly type: 'brand'; readonly brand: Brand }
  | { readonly type: 'page'; readonly page: ContentPage }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'orderconfirmation'; readonly order: Order };

/** A cart; `lines` is never empty. */
export interface Cart {
  readonly id: string;
  readonly lines: readonly { readonly product: Product; readonly quantity: number }[];
}

/** What one request is about. */
export interface View {
  readonly page: StorePage;
  /** The storefront's origin. */
  readonly origin: string;
  /** The address that was asked for, without the origin: where a switch leads back to. */
  readonly back: string;
  readonly language: Language;
  readonly currency: Currency;
  /** `undefined` for a guest. */
  readonly shopper: Shopper | undefined;
  /** `undefined` as long as nothing was put into it. */
  readonly cart: Cart | undefined;
  /** Whether the store asks for consent, by BigCommerce's banner. */
  readonly isConsentNeeded: boolean;
  /** What the shopper agreed to: BigCommerce's numbers of the categories, `1.2.3`, or `none`; empty before a choice. */
  readonly consent: string;
  /** Whether zones come by themselves, without widgets. */
  readonly areZonesAutomatic: boolean;
  /** Whether the page is asked for as Page Builder shows it. */
  readonly isPreview: boolean;
  /** The token of the GraphQL Storefront API. */
  readonly storefrontApiToken: string;
}

/** BigCommerce's id of the sample store. */
export const STORE_HASH = 'sandbox1';

/** The channel of its storefront. */
export const CHANNEL_ID = 1;

/** Part of every sample customer's address and orders, which must never reach a page. */
export const PRIVATE_MARK = 'PRIVATE-TO-THE-SHOPPER';

/**
 * Makes the objects that BigCommerce gives to a theme and to the scripts of the Scripts API. More than our theme shows:
 * whoever prints too much prints it here too.
 *
 * Source: BigCommerce, Stencil object reference.
 */
export function stencilContext(view: View) {
  const { page, origin, currency, shopper, cart } = view;
  const url = (path: string): string => `${origin}${path}`;
  const money = (valueUsd: number) => {
    const value = priceIn(currency, valueUsd);
    return {
      value,
      formatted: new Intl.NumberFormat(CURRENCIES[currency].locale, { style: 'currency', currency }).format(
        value,
      ),
      currency,
    };
  };

  const productCard = (product: Product) => ({
    id: product.id,
    sku: product.sku,
    name: product.title,
    url: url(product.path),
    summary: product.summary,
    brand: { name: product.brand.name, url: url(product.brand.path) },
    image: { data: url(`/images/{:size}/${product.image}`), alt: product.imageAlt },
    price: { with_tax: money(product.priceUsd), without_tax: money(product.priceUsd / TAX_FACTOR) },
    rating: product.rating,
    num_reviews: product.reviewCount,
    stars: '★'.repeat(product.rating) + '☆'.repeat(5 - product.rating),
    add_to_cart_url: url(`/cart.php?action=add&product_id=${product.id}`),
  });
  const cards = (isWanted: (product: Product) => boolean) => PRODUCTS.filter(isWanted).map(productCard);

  return {
    page_type: page.type,
    template: TEMPLATES[page.type],
    // BigCommerce's renderer adds it; scripts are rendered before the page, so it is given here.
    locale_name: view.language,
    cart_id: cart?.id,
    customer: shopper ? customer(shopper) : null,
    customer_group_id: 0,
    customer_group_name: '',
    currency_selector: {
      active_currency_code: currency,
      active_currency_id: CURRENCIES[currency].id,
      active_currency_name: CURRENCIES[currency].name,
      currencies: Object.entries(CURRENCIES).map(([code, { id, name }]) => ({
        id,
        name,
        is_active: code === currency,
        switch_url: switchUrl(view, 'currency', code),
      })),
    },
    settings: {
      store_hash: STORE_HASH,
      store_name: 'Juniper & Oak',
      base_url: origin,
      secure_base_url: origin,
      cdn_url: origin,
      country_code: 'US',
      client_ip_address: '127.0.0.1',
      request: { absolute_path: view.back.split('?')[0], host: new URL(origin).host },
      shopper_consent_tracking_enabled: view.isConsentNeeded,
      storefront_api: { token: view.storefrontApiToken },
    },
    urls: {
      home: url('/'),
      cart: url('/cart.php'),
      search: url('/search.php'),
      account: { index: url('/account.php') },
      auth: { login: url('/login.php'), logout: signInUrl({ origin, back: '/' }, GUEST_KEY) },
      checkout: { single_address: url('/checkout') },
    },
    categories: CATEGORIES.map(({ name, path }) => ({
      name,
      url: url(path),
      is_active: page.type === 'category' && page.category.path === path,
    })),
    pages: CONTENT_PAGES.map(({ title, path }) => ({ name: title, url: url(path) })),
    brands: BRANDS.map(({ name, path }) => ({ name, url: url(path) })),
    forms: { search: { query: page.type === 'search' ? page.query : '' } },

    ...(page.type === 'default' && { products: { featured: cards(() => true) } }),
    ...(page.type === 'product' && {
      product: productPage(page.product),
      related_products: cards(
        ({ id, category }) => category === page.product.category && id !== page.product.id,
      ),
    }),
    ...(page.type === 'category' && {
      category: {
        id: page.category.id,
        name: page.category.name,
        url: url(page.category.path),
        description: page.category.description,
        products: cards(({ category }) => category === page.category),
        total_products: PRODUCTS.filter(({ category }) => category === page.category).length,
      },
    }),
    ...(page.type === 'brand' && {
      brand: {
        name: page.brand.name,
        url: url(page.brand.path),
        products: cards(({ brand }) => brand === page.brand),
      },
    }),
    ...(page.type === 'page' && {
      page: {
        id: page.page.id,
        title: page.page.title,
        url: url(page.page.path),
        content: page.page.content,
      },
    }),
    ...(page.type === 'search' && {
      product_results: {
        products: cards(({ title, summary }) =>
          `${title} ${summary}`.toLowerCase().includes(page.query.toLowerCase()),
        ),
      },
    }),
    ...(page.type === 'cart' && { cart: cartPage() }),
    ...(page.type === 'orderconfirmation' && {
      checkout: { id: page.order.cart.id, order: { id: page.order.id } },
    }),
  };

  function productPage(product: Product) {
    const { name, image, ...card } = productCard(product);
    return {
      ...card,
      title: name,
      main_image: image,
      images: [image],
      upc: `0${product.id}23456789`,
      gtin: `000${product.id}23456789`,
      mpn: `M-${product.id}`,
      description: `<p>${escapeHtml(product.summary)}</p>`,
      meta_description: product.summary,
      category: [product.category.name],
      can_purchase: true,
      out_of_stock: false,
      stock_level: 12,
      availability: 'Ships in 2 days',
      tags: product.tags,
    };
  }

  function cartPage() {
    const items = (cart?.lines ?? []).map(({ product, quantity }) => ({
      ...productCard(product),
      id: `line-${product.id}`,
      product_id: product.id,
      variant_id: product.id + 1_000,
      quantity,
      price: money(product.priceUsd),
      total: money(product.priceUsd * quantity),
      category_names: [product.category.name],
      remove_url: url(`/cart.php?action=remove&product_id=${product.id}`),
    }));
    const totalUsd = (cart?.lines ?? []).reduce(
      (sum, { product, quantity }) => sum + product.priceUsd * quantity,
      0,
    );
    return {
      items,
      quantity: items.reduce((sum, { quantity }) => sum + quantity, 0),
      coupons: [],
      sub_total: money(totalUsd),
      grand_total: money(totalUsd),
    };
  }
}

/** What a theme and a script get to see of a page. */
export type StencilContext = ReturnType<typeof stencilContext>;

/** The theme's template for each page type. */
export const TEMPLATES: Readonly<Record<StorePage['type'], string>> = {
  default: 'pages/home',
  product: 'pages/product',
  category: 'pages/category',
  brand: 'pages/brand',
  page: 'pages/page',
  search: 'pages/search',
  cart: 'pages/cart',
  account_orderstatus: 'pages/account',
  login: 'pages/login',
  orderconfirmation: 'pages/order-confirmation',
  '404': 'pages/404',
};

const TAX_FACTOR = 1.08;

// BigCommerce has the full name only, and a lot that is nobody else's business.
function customer(shopper: Shopper) {
  const address = {
    first_name: shopper.firstName,
    last_name: shopper.lastName,
    street_1: `1 ${PRIVATE_MARK} Lane`,
    city: 'Portland',
  };
  return {
    id: shopper.id,
    name: fullName(shopper),
    email: shopper.email,
    phone: `+1 555 ${PRIVATE_MARK}`,
    customer_group_id: 1,
    customer_group_name: `Group ${PRIVATE_MARK}`,
    store_credit: { value: 0, formatted: '$0.00', currency: 'USD' },
    addresses: [address],
    shipping_address: address,
    shipping_addresses: [address],
    orders: [{ id: 1001, status: `Shipped ${PRIVATE_MARK}`, total: { value: 24, formatted: '$24.00' } }],
    wishlists: [],
    num_wishlists: 0,
  };
}
