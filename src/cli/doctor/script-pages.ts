/**
 * Which of our scripts BigCommerce shows on a page: `storefront`, `order-confirmation`, or `undefined` on the pages of account,
 * login and checkout, where it may show none of them.
 *
 * Source: BigCommerce, "Scripts", Script visibility.
 *
 * @param url - The page's absolute address.
 */
export function scriptsShownAt(url: string): 'storefront' | 'order-confirmation' | undefined {
  const { pathname } = new URL(url);
  if (pathname.includes('/checkout/order-confirmation')) return 'order-confirmation';
  return /^\/(account|login|checkout)(\.php)?(\/|$)/.test(pathname) ? undefined : 'storefront';
}
