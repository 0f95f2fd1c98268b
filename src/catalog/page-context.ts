/** Where a path has a value. */
export type PageKind =
  | 'every page'
  | 'product pages'
  | 'category pages'
  | 'brand pages'
  | 'content pages'
  | 'the cart page'
  | 'the search page'
  | 'the order confirmation page'
  | 'every page, when a shopper is signed in';

/** One path of the page context. */
export interface PageContextPath {
  /** As it is written between the braces of a placeholder. `items.[0]` stands for each item of a list. */
  readonly path: string;
  /** Where our templates fill it in. */
  readonly on: PageKind;
  readonly what: string;
  /** What it may look like. */
  readonly example: string;
  /** Whether the SDK adds it in the browser, so that no template prints it. */
  readonly isFromBrowser?: true;
}

/**
 * Every path of the page context that we offer, in the order in which the documentation lists them. Where there is no
 * Handlebars, `setContext` gives the same paths.
 *
 * Names are BigCommerce's own (Stencil object reference), but `product.main_image.url`, which BigCommerce makes by a
 * helper.
 */
export const PAGE_CONTEXT_PATHS: readonly PageContextPath[] = [
  { path: 'page.type', on: 'every page', what: "BigCommerce's page type", example: 'product' },
  { path: 'page.id', on: 'content pages', what: 'id of the content page', example: '12' },
  { path: 'page.title', on: 'content pages', what: 'title of the content page', example: 'About us' },
  {
    path: 'page.url',
    on: 'content pages',
    what: 'address of the content page',
    example: 'https://brand.com/about/',
  },

  { path: 'product.id', on: 'product pages', what: 'product id', example: '111' },
  { path: 'product.sku', on: 'product pages', what: 'SKU', example: 'MUG-01' },
  { path: 'product.upc', on: 'product pages', what: 'UPC', example: '012345678905' },
  { path: 'product.gtin', on: 'product pages', what: 'GTIN', example: '00012345678905' },
  { path: 'product.mpn', on: 'product pages', what: 'manufacturer part number', example: 'M-01' },
  { path: 'product.title', on: 'product pages', what: 'name of the product', example: 'Stoneware Mug' },
  {
    path: 'product.url',
    on: 'product pages',
    what: 'address of the product',
    example: 'https://brand.com/mug/',
  },
  {
    path: 'product.main_image.url',
    on: 'product pages',
    what: 'address of the main image',
    example: 'https://cdn…/mug.jpg',
  },
  {
    path: 'product.main_image.alt',
    on: 'product pages',
    what: 'text of the main image',
    example: 'A grey mug',
  },
  {
    path: 'product.price.with_tax.value',
    on: 'product pages',
    what: 'price with tax, as a number',
    example: '24.95',
  },
  {
    path: 'product.price.with_tax.formatted',
    on: 'product pages',
    what: 'price with tax, as shown',
    example: '$24.95',
  },
  {
    path: 'product.price.with_tax.currency',
    on: 'product pages',
    what: 'currency of the price',
    example: 'USD',
  },
  {
    path: 'product.price.without_tax.value',
    on: 'product pages',
    what: 'price without tax, as a number',
    example: '22.68',
  },
  {
    path: 'product.price.without_tax.formatted',
    on: 'product pages',
    what: 'price without tax, as shown',
    example: '$22.68',
  },
  {
    path: 'product.price.without_tax.currency',
    on: 'product pages',
    what: 'currency of the price',
    example: 'USD',
  },
  { path: 'product.brand.name', on: 'product pages', what: 'brand of the product', example: 'Fireside' },
  {
    path: 'product.brand.url',
    on: 'product pages',
    what: 'address of the brand',
    example: 'https://brand.com/fireside/',
  },
  {
    path: 'product.category',
    on: 'product pages',
    what: 'list of the category names',
    example: 'Kitchen/Mugs',
  },
  { path: 'product.can_purchase', on: 'product pages', what: 'whether it can be bought', example: 'true' },
  { path: 'product.out_of_stock', on: 'product pages', what: 'whether it is out of stock', example: 'false' },
  {
    path: 'product.availability',
    on: 'product pages',
    what: 'availability text',
    example: 'Ships in 2 days',
  },
  { path: 'product.rating', on: 'product pages', what: 'average rating', example: '4' },
  { path: 'product.num_reviews', on: 'product pages', what: 'number of reviews', example: '17' },
  { path: 'product.tags', on: 'product pages', what: 'list of the tags', example: '(a list)' },
  {
    path: 'product.meta_description',
    on: 'product pages',
    what: 'description for search engines',
    example: 'A mug…',
  },

  { path: 'category.id', on: 'category pages', what: 'category id', example: '23' },
  { path: 'category.name', on: 'category pages', what: 'name of the category', example: 'Kitchen' },
  {
    path: 'category.url',
    on: 'category pages',
    what: 'address of the category',
    example: 'https://brand.com/kitchen/',
  },
  { path: 'category.total_products', on: 'category pages', what: 'number of products', example: '3' },

  { path: 'brand.name', on: 'brand pages', what: 'name of the brand', example: 'Fireside' },
  {
    path: 'brand.url',
    on: 'brand pages',
    what: 'address of the brand',
    example: 'https://brand.com/fireside/',
  },

  { path: 'cart.id', on: 'every page', what: 'id of the cart, once there is one', example: '8a4f…' },
  { path: 'cart.quantity', on: 'the cart page', what: 'number of items', example: '2' },
  { path: 'cart.sub_total.value', on: 'the cart page', what: 'subtotal, as a number', example: '49.90' },
  { path: 'cart.sub_total.formatted', on: 'the cart page', what: 'subtotal, as shown', example: '$49.90' },
  { path: 'cart.grand_total.value', on: 'the cart page', what: 'total, as a number', example: '53.90' },
  { path: 'cart.grand_total.formatted', on: 'the cart page', what: 'total, as shown', example: '$53.90' },
  { path: 'cart.coupons.[0].code', on: 'the cart page', what: 'coupon code', example: 'WELCOME' },
  { path: 'cart.items.[0].product_id', on: 'the cart page', what: 'product id', example: '111' },
  { path: 'cart.items.[0].variant_id', on: 'the cart page', what: 'variant id', example: '358' },
  { path: 'cart.items.[0].sku', on: 'the cart page', what: 'SKU', example: 'MUG-01' },
  { path: 'cart.items.[0].name', on: 'the cart page', what: 'name of the product', example: 'Stoneware Mug' },
  {
    path: 'cart.items.[0].url',
    on: 'the cart page',
    what: 'address of the product',
    example: 'https://brand.com/mug/',
  },
  { path: 'cart.items.[0].quantity', on: 'the cart page', what: 'quantity', example: '2' },
  {
    path: 'cart.items.[0].price.value',
    on: 'the cart page',
    what: 'price of one, as a number',
    example: '24.95',
  },
  {
    path: 'cart.items.[0].total.value',
    on: 'the cart page',
    what: 'price of all, as a number',
    example: '49.90',
  },
  {
    path: 'cart.items.[0].category_names',
    on: 'the cart page',
    what: 'list of the category names',
    example: '(a list)',
  },
  {
    path: 'cart.items.[0].brand.name',
    on: 'the cart page',
    what: 'brand of the product',
    example: 'Fireside',
  },

  { path: 'search.query', on: 'the search page', what: 'what was searched for', example: 'mug' },

  { path: 'order.id', on: 'the order confirmation page', what: 'order id', example: '1042' },

  { path: 'customer.id', on: 'every page, when a shopper is signed in', what: 'customer id', example: '7' },
  {
    path: 'customer.email',
    on: 'every page, when a shopper is signed in',
    what: 'e-mail address',
    example: 'ada@brand.com',
  },
  {
    path: 'customer.name',
    on: 'every page, when a shopper is signed in',
    what: 'full name',
    example: 'Ada Lovelace',
  },
  {
    path: 'customer.first_name',
    on: 'every page, when a shopper is signed in',
    what: 'first name, asked of BigCommerce',
    example: 'Ada',
    isFromBrowser: true,
  },
  {
    path: 'customer.last_name',
    on: 'every page, when a shopper is signed in',
    what: 'last name, asked of BigCommerce',
    example: 'Lovelace',
    isFromBrowser: true,
  },

  { path: 'store.name', on: 'every page', what: 'name of the store', example: 'Brand' },
  { path: 'store.hash', on: 'every page', what: "BigCommerce's id of the store", example: 'abc123xyz' },
  { path: 'store.url', on: 'every page', what: 'address of the storefront', example: 'https://brand.com' },
  { path: 'store.currency', on: 'every page', what: 'currency that the shopper sees', example: 'USD' },
  { path: 'currency', on: 'every page', what: 'currency that the shopper sees', example: 'USD' },
  { path: 'locale', on: 'every page', what: 'language that the shopper sees', example: 'en' },

  {
    path: 'url.href',
    on: 'every page',
    what: 'address of the page',
    example: 'https://brand.com/mug/?color=red',
    isFromBrowser: true,
  },
  { path: 'url.path', on: 'every page', what: 'path of the page', example: '/mug/', isFromBrowser: true },
  {
    path: 'url.query.utm_source',
    on: 'every page',
    what: 'a parameter of the address; any name may stand in place of `utm_source`',
    example: 'newsletter',
    isFromBrowser: true,
  },
];
