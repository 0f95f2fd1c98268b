import type { Customer, PageContext } from 'extole-bigcommerce/storefront';

/** What a product page of Catalyst knows about its product, from its queries in `page-data.ts`. */
export interface CatalystProduct {
  readonly entityId: number;
  readonly name: string;
  readonly sku: string;
  readonly path: string;
  readonly brand: { readonly name: string } | null;
  /** `url` is `urlTemplate`, which leaves the size open. */
  readonly defaultImage: { readonly url: string; readonly altText: string } | null;
  readonly reviewSummary: { readonly averageRating: number; readonly numberOfReviews: number };
  readonly inventory: { readonly isInStock: boolean };
  readonly prices: { readonly price: { readonly value: number; readonly currencyCode: string } } | null;
}

/**
 * What placeholders find on a product page, by the names of `docs/page-context.md`.
 *
 * @param origin - Of the storefront, since GraphQL tells paths.
 */
export function productContext(product: CatalystProduct, origin: string): PageContext {
  const { brand, defaultImage, prices, reviewSummary } = product;
  return {
    page: { type: 'product' },
    product: {
      id: product.entityId,
      sku: product.sku,
      title: product.name,
      url: new URL(product.path, origin).href,
      main_image: defaultImage && {
        url: defaultImage.url.replace('{:size}', 'original'),
        alt: defaultImage.altText,
      },
      // GraphQL's prices are without tax unless a query asks for `prices(includeTax: true)`.
      price: prices && {
        without_tax: { value: prices.price.value, currency: prices.price.currencyCode },
      },
      brand,
      rating: reviewSummary.averageRating,
      num_reviews: reviewSummary.numberOfReviews,
      out_of_stock: !product.inventory.isInStock,
    },
  };
}

/** GraphQL's `customer { entityId email firstName lastName }`, which is `null` for a guest. */
export interface CatalystCustomer {
  readonly entityId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** Who is signed in, as `identify` takes it. */
export function customerOf(customer: CatalystCustomer | null): Customer | null {
  return (
    customer && {
      id: customer.entityId,
      email: customer.email,
      first_name: customer.firstName,
      last_name: customer.lastName,
    }
  );
}
