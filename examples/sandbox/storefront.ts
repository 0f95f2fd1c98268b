import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { addressWithin } from './addresses.js';
import { type AppCredentials, createVerifiers } from './app-server.js';
import { COUPON_PROBLEMS, type CouponRefusal, spendCoupons, takeCoupons } from './bigcommerce/coupons.js';
import { placeOrder, setOrderStatus } from './bigcommerce/orders.js';
import type { StoreContent } from './bigcommerce/store-content.js';
import type { ControlPanel } from './control-panel/control-panel.js';
import { renderPage, type Theme } from './engine.js';
import { answerGraphql } from './graphql.js';
import { html } from './html.js';
import { listen } from './listen.js';
import { type Merchant, type MerchantChoice, SDK_PATH } from './merchant.js';
import {
  couponCodesIn,
  isPayment,
  newOrder,
  type Order,
  PAYMENT_STATUS_IDS,
  SAMPLE_ORDER,
  subtotalOf,
} from './orders.js';
import type { FrameMode } from './page-builder/page-builder.js';
import {
  buyerOf,
  cartOf,
  changeCart,
  consentOf,
  currencyOf,
  languageOf,
  orderIdOf,
  parametersOf,
  queryOf,
  remember,
  rememberSwitches,
  shopperOf,
} from './requests.js';
import { type OfferedApp, type Surroundings, sandboxContext, startPageContext } from './sandbox-pages.js';
import { renderScripts } from './scripts.js';
import { CHANNEL_ID, STORE_HASH, type StorePage, stencilContext, type View } from './stencil-context.js';
import { BRANDS, CATEGORIES, CONTENT_PAGES, CURRENCIES, PRODUCTS, SHOPPERS } from './store-data.js';
import { addStorefrontApi, VERIFICATION_PATH, type VerificationMode } from './storefront-api.js';
import { THEME_ASSETS } from './theme.js';
import { renderRegions } from './widgets.js';

/** The sample store's storefront. */
export interface Storefront {
  /** `http://localhost:4000` */
  readonly url: string;
  /** How the app's server verifies who is signed in, for the scripts on the pages. */
  readonly verification: { readonly appClientId: string; readonly url: string };
  /** Makes the GraphQL endpoint answer late, by so many milliseconds. */
  setGraphqlDelay(delayMs: number): void;
  /** Makes the app's server verify shoppers late, for a shorter time, or not at all. Without a mode, as it should. */
  setVerification(mode?: VerificationMode): void;
  close(): Promise<void>;
}

const PROJECT = join(import.meta.dirname, '../..');
const SDK_FILES = join(PROJECT, 'dist/storefront');

/** What of the bar is the merchant's to change: the store, for everybody who looks at it. */
const MERCHANT_CHOICES: readonly MerchantChoice[] = ['banner', 'placing', 'extole'];

/**
 * Starts the storefront: pages of the sample theme with the scripts and widgets that the store holds, all rendered by
 * BigCommerce's engine.
 *
 * @param options.content - What the store holds.
 * @param options.theme - How its pages look.
 * @param options.programUrl - Where the program domain's own pages are.
 * @param options.merchant - Who may be asked to change the store, once somebody looks at it.
 * @param options.controlPanel - Where Page Builder is, which frames these pages and shows its draft in them.
 * @param options.apiUrl - Where BigCommerce's API is, for the start page.
 * @param options.credentials - Who the app is that gets to know who is signed in.
 * @param options.app - The app that can be installed, for the bar and the start page; without one Extole is there without it.
 * @param options.port - The port to take if it is free.
 * @throws {Error} When the SDK has not been built.
 */
export async function startStorefront(options: {
  content: StoreContent;
  theme: Theme;
  programUrl: string;
  merchant: () => Merchant;
  controlPanel: () => ControlPanel;
  apiUrl: () => string;
  credentials: AppCredentials;
  app?: OfferedApp | undefined;
  port?: number;
}): Promise<Storefront> {
  if (!existsSync(join(SDK_FILES, 'extole-storefront.js'))) {
    throw new Error('The storefront SDK has not been built. Run "npm run build" first.');
  }
  const { content, theme, programUrl, merchant, controlPanel, apiUrl, app: offeredApp } = options;
  const storefrontApiToken = randomBytes(24).toString('base64url');
  let origin = '';
  let graphqlDelayMs = 0;
  let verificationMode: VerificationMode = {};
  const verifiers = createVerifiers(STORE_HASH, options.credentials);
  const orders = new Map([[SAMPLE_ORDER.id, SAMPLE_ORDER]]);
  // Browsers remember of which orders they told Extole, so no number may come again after a restart.
  content.lastOrderId = Math.floor(Date.now() / 1_000) % 10_000_000;

  const viewOf = (request: FastifyRequest, page: StorePage): View => ({
    page,
    origin,
    back: request.url,
    language: languageOf(request),
    currency: currencyOf(request),
    shopper: shopperOf(request),
    cart: cartOf(request),
    isConsentNeeded: merchant().isConsentNeeded,
    consent: consentOf(request),
    areZonesAutomatic: merchant().settings?.zones !== undefined,
    isPreview: parametersOf(request).has('preview') || frameModeOf(request) !== undefined,
    storefrontApiToken,
  });

  const surroundings = (): Surroundings => ({
    programUrl,
    apiUrl: apiUrl(),
    controlPanel: controlPanel(),
    isPublished: merchant().settings !== undefined,
    app: offeredApp,
  });

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    page: StorePage,
  ): Promise<FastifyReply> => {
    const view = viewOf(request, page);
    const context = stencilContext(view);
    const scripts = await renderScripts(content, view, context);
    const frameMode = frameModeOf(request);
    const placed = frameMode ? controlPanel().draftView(CHANNEL_ID) : content;
    const body = await renderPage({
      theme,
      path: context.template,
      context: {
        ...context,
        head: {
          title: titleOf(page),
          meta_tags: metaTags(view),
          scripts: scripts.head,
        },
        footer: { scripts: scripts.footer + (frameMode ? controlPanel().frameScript(frameMode) : '') },
        sandbox: {
          ...sandboxContext(view, surroundings()),
          has_payment_failed: page.type === 'cart' && queryOf(request, 'payment') === 'failed',
          ...(page.type === 'cart' && { refusal: refusalOf(request) }),
          ...(page.type === 'orderconfirmation' && { savings: savingsOf(page.order) }),
        },
      },
      acceptLanguage: view.language,
      regions: await renderRegions(placed, {
        channelId: CHANNEL_ID,
        template: context.template,
        ...entityOf(page),
      }),
    });
    return sendHtml(request, reply, body);
  };

  const placedOrder = (request: FastifyRequest): Order => orders.get(orderIdOf(request)) ?? SAMPLE_ORDER;

  const sendHtml = (request: FastifyRequest, reply: FastifyReply, body: string): FastifyReply => {
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    if (queryOf(request, 'csp') !== 'strict') return reply.send(body);
    const nonce = randomBytes(16).toString('base64');
    reply.header('content-security-policy', strictPolicy(nonce, programUrl));
    // On real storefronts BigCommerce sees to it, with its `nonce` helper.
    return reply.send(body.replace(/<script\b/g, `<script nonce="${nonce}"`));
  };

  const app = Fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  await app.register(fastifyStatic, { root: THEME_ASSETS, prefix: '/assets/' });
  await app.register(fastifyStatic, {
    root: SDK_FILES,
    prefix: SDK_PATH,
    decorateReply: false,
    setHeaders: (response) => response.setHeader('access-control-allow-origin', '*'),
  });
  // BigCommerce's picture addresses hold a size; a drawing fits all.
  app.get<{ Params: { file: string } }>('/images/:size/:file', async (request, reply) =>
    reply.sendFile(`images/${request.params.file}`),
  );

  const fixedPages: [path: string, page: StorePage][] = [
    ['/', { type: 'default' }],
    ['/login.php', { type: 'login' }],
    ...PRODUCTS.map((product): [string, StorePage] => [product.path, { type: 'product', product }]),
    ...CATEGORIES.map((category): [string, StorePage] => [category.path, { type: 'category', category }]),
    ...BRANDS.map((brand): [string, StorePage] => [brand.path, { type: 'brand', brand }]),
    ...CONTENT_PAGES.map((page): [string, StorePage] => [page.path, { type: 'page', page }]),
  ];
  for (const [path, page] of fixedPages) app.get(path, async (request, reply) => send(request, reply, page));

  app.get('/search.php', async (request, reply) =>
    send(request, reply, { type: 'search', query: queryOf(request, 'search_query') }),
  );
  app.get('/account.php', async (request, reply) =>
    shopperOf(request) ? send(request, reply, { type: 'account_orderstatus' }) : reply.redirect('/login.php'),
  );
  app.get('/cart.php', async (request, reply) => {
    const action = queryOf(request, 'action');
    if (action !== 'add' && action !== 'remove') return send(request, reply, { type: 'cart' });
    remember(reply, 'cart', changeCart(cartOf(request), Number(queryOf(request, 'product_id')), action));
    return reply.redirect('/cart.php');
  });
  app.get('/checkout', async (request, reply) => {
    const cart = cartOf(request);
    if (!cart) return reply.redirect('/cart.php');
    const currency = currencyOf(request);
    const buyer = buyerOf(request);
    const answer = takeCoupons(content, couponCodesIn(parametersOf(request).getAll('coupon')), {
      subtotal: subtotalOf(cart, currency),
      currency,
      rate: CURRENCIES[currency].perDollar,
      channelId: CHANNEL_ID,
      email: buyer.email,
    });
    if ('refused' in answer) return reply.redirect(`/cart.php?${new URLSearchParams({ ...answer.refused })}`);
    const said = { cart, coupons: answer.taken, currency, buyer };
    // As BigCommerce does: there is an order before it is paid, and it stays Incomplete where the payment fails.
    const { id } = placeOrder(content, newOrder(said, languageOf(request))).fields;
    const payment = queryOf(request, 'payment') || 'paid';
    if (!isPayment(payment)) return reply.redirect('/cart.php?payment=failed');
    spendCoupons(content, said.coupons, buyer.email);
    setOrderStatus(content, id, PAYMENT_STATUS_IDS[payment]);
    orders.set(id, { id, ...said });
    remember(reply, 'order', `${id}`);
    remember(reply, 'cart', '');
    return reply.redirect('/checkout/order-confirmation');
  });
  app.get('/checkout/order-confirmation', async (request, reply) =>
    send(request, reply, { type: 'orderconfirmation', order: placedOrder(request) }),
  );
  app.setNotFoundHandler(async (request, reply) => send(request, reply.code(404), { type: '404' }));

  app.post('/graphql', async (request, reply) => {
    await sleep(graphqlDelayMs, undefined, { ref: false });
    if (request.headers.authorization !== `Bearer ${storefrontApiToken}`) {
      return reply
        .code(401)
        .send({ errors: [{ message: 'The token of the GraphQL Storefront API is missing or wrong.' }] });
    }
    const { status, body } = answerGraphql(request.body, shopperOf(request));
    return reply.code(status).send(body);
  });

  addStorefrontApi(app, {
    verifiers,
    verificationMode: () => verificationMode,
    findOrder: (request, id) => {
      const order = orders.get(id);
      const isOwn = order === placedOrder(request) || order?.buyer.id === shopperOf(request)?.id;
      return order === SAMPLE_ORDER || isOwn ? order : undefined;
    },
  });

  app.get('/sandbox', async (request, reply) => {
    const view = viewOf(request, { type: 'default' });
    const sandbox = {
      ...sandboxContext(view, surroundings()),
      ...startPageContext(origin, surroundings(), content),
    };
    const context = { ...stencilContext(view), sandbox };
    const body = await renderPage({
      theme,
      path: 'pages/sandbox',
      context,
      acceptLanguage: 'en',
      regions: {},
    });
    return sendHtml(request, reply, body);
  });
  app.get('/sandbox/sign-in', async (request, reply) => {
    remember(reply, 'shopper', SHOPPERS.find(({ key }) => key === queryOf(request, 'as'))?.key ?? '');
    return reply.redirect(addressWithin({ origin, back: queryOf(request, 'back') || '/sandbox' }), 303);
  });
  app.get('/sandbox/switch', async (request, reply) => {
    rememberSwitches(request, reply);
    for (const choice of MERCHANT_CHOICES) {
      const value = queryOf(request, choice);
      if (value) await merchant().choose(choice, value);
    }
    return reply.redirect(addressWithin({ origin, back: queryOf(request, 'back') || '/sandbox' }), 303);
  });

  origin = `http://localhost:${await listen(app, options.port)}`;
  return {
    url: origin,
    verification: { appClientId: verifiers.appClientId, url: `${origin}${VERIFICATION_PATH}` },
    setGraphqlDelay: (delayMs) => {
      graphqlDelayMs = delayMs;
    },
    setVerification: (mode = {}) => {
      verificationMode = mode;
    },
    close: () => app.close(),
  };
}

/** The coupon that the checkout did not take, as the cart's address tells it. */
function refusalOf(request: FastifyRequest): CouponRefusal | undefined {
  const problem = COUPON_PROBLEMS.find((known) => known === queryOf(request, 'problem'));
  return problem && { code: queryOf(request, 'code'), problem };
}

/** What coupons took off, as the confirmation page tells it. */
function savingsOf({ coupons, currency }: Order): { code: string; amount: string }[] {
  const { format } = new Intl.NumberFormat(CURRENCIES[currency].locale, { style: 'currency', currency });
  return coupons.map(({ code, discount }) => ({ code, amount: format(discount) }));
}

/** What a placement calls the page, where it may be for one page alone. */
function entityOf(page: StorePage): { entityId?: string } {
  if (page.type === 'product') return { entityId: `${page.product.id}` };
  if (page.type === 'category') return { entityId: `${page.category.id}` };
  if (page.type === 'page') return { entityId: `${page.page.id}` };
  return {};
}

/** How Page Builder frames the page; `undefined` for a shopper. */
function frameModeOf(request: FastifyRequest): FrameMode | undefined {
  const mode = queryOf(request, 'page_builder');
  return mode === 'edit' || mode === 'preview' ? mode : undefined;
}

function titleOf(page: StorePage): string {
  switch (page.type) {
    case 'product':
      return page.product.title;
    case 'category':
      return page.category.name;
    case 'brand':
      return page.brand.name;
    case 'page':
      return page.page.title;
    default:
      return '';
  }
}

/** Open Graph tags, which Extole reads for the product zone. */
function metaTags({ page, origin }: View): string {
  if (page.type !== 'product') return '';
  const { title, summary, path, image } = page.product;
  return html`<meta property="og:type" content="product">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${summary}">
<meta property="og:url" content="${origin}${path}">
<meta property="og:image" content="${origin}/images/original/${image}">`.text;
}

/**
 * The Content-Security-Policy that Extole's documents list, with a nonce in place of `'unsafe-inline'` and `'unsafe-eval'` for
 * scripts, and with the program domain, which they do not list.
 *
 * Source: Extole, JavaScript SDK, "Whitelisting Extole's Resources".
 */
function strictPolicy(nonce: string, programOrigin: string): string {
  const extole = `https://*.extole.io https://*.xtlo.net ${programOrigin}`;
  return [
    "default-src 'self' https://*.extole.io https://*.xtlo.net",
    `style-src 'self' 'unsafe-inline' ${extole} https://fonts.googleapis.com`,
    "font-src 'self' https://*.extole.io https://*.xtlo.net https://fonts.gstatic.com",
    `script-src 'self' 'nonce-${nonce}' ${extole}`,
    `connect-src 'self' ${extole}`,
    `img-src 'self' ${extole}`,
    `frame-src ${extole}`,
  ].join('; ');
}
