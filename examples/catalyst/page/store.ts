import type { CatalystCustomer, CatalystProduct } from '../page-context.js';

/** The products, as Catalyst's queries tell them. */
export const PRODUCTS: readonly CatalystProduct[] = [
  {
    entityId: 111,
    name: 'Stoneware Mug',
    sku: 'MUG-01',
    path: '/stoneware-mug/',
    brand: { name: 'Fireside Pottery' },
    defaultImage: { url: 'https://cdn.example.com/{:size}/mug.jpg', altText: 'A grey-green stoneware mug' },
    reviewSummary: { averageRating: 5, numberOfReviews: 48 },
    inventory: { isInStock: true },
    prices: { price: { value: 24, currencyCode: 'USD' } },
  },
  {
    entityId: 112,
    name: 'Pour-Over Kettle',
    sku: 'KET-01',
    path: '/pour-over-kettle/',
    brand: null,
    defaultImage: null,
    reviewSummary: { averageRating: 4, numberOfReviews: 31 },
    inventory: { isInStock: false },
    prices: { price: { value: 79, currencyCode: 'USD' } },
  },
];

/** Who can sign in. */
export const SHOPPER: CatalystCustomer = {
  entityId: 7,
  email: 'mary.ann@example.com',
  firstName: 'Mary Ann',
  lastName: 'Evans',
};
