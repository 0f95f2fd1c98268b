import { TEMPLATES } from '../stencil-context.js';
import { BRANDS, CATEGORIES, CONTENT_PAGES, PRODUCTS } from '../store-data.js';
import type { BuilderPage } from './page-builder-api.js';

/** The pages of the sample store whose regions take widgets. */
export const BUILDER_PAGES: readonly Omit<BuilderPage, 'regions'>[] = [
  { path: '/', title: 'Home page', template: TEMPLATES.default },
  ...PRODUCTS.map(({ path, title, id }) => ({
    path,
    title: `Product: ${title}`,
    template: TEMPLATES.product,
    entityId: `${id}`,
  })),
  ...CATEGORIES.map(({ path, name, id }) => ({
    path,
    title: `Category: ${name}`,
    template: TEMPLATES.category,
    entityId: `${id}`,
  })),
  ...BRANDS.map(({ path, name }) => ({ path, title: `Brand: ${name}`, template: TEMPLATES.brand })),
  ...CONTENT_PAGES.map(({ path, title, id }) => ({
    path,
    title: `Page: ${title}`,
    template: TEMPLATES.page,
    entityId: `${id}`,
  })),
  { path: '/cart.php', title: 'Cart', template: TEMPLATES.cart },
  { path: '/search.php', title: 'Search results', template: TEMPLATES.search },
];
