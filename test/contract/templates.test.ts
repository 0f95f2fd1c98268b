import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Engine, renderString } from '../../examples/sandbox/engine.js';
import { PAGE_CONTEXT_PATHS } from '../../src/catalog/page-context.js';
import { lookUp, parsePath } from '../../src/catalog/placeholders.js';
import { fillScriptHtml } from '../../src/store/script-html.js';

const ENGINES: readonly Engine[] = ['handlebars-v3', 'handlebars-v4'];
const TEMPLATE = readFileSync(new URL('../../templates/script.html', import.meta.url), 'utf8');
const OPTIONS = {
  programDomain: 'share.brand.com',
  sdkUrl: 'https://cdn.extole.example/1.0.0/extole-storefront.js',
};
const HOSTILE = `</script><script>alert(1)</script><!-- "'\`\\ {{customer.email}} \u2028\u2029 \ud800 é 😀`;

/** All that a Stencil page may hold, more than any one page does; with what must never be printed. */
const FULL_PAGE = {
  page_type: 'product',
  cart_id: 'cart-1',
  locale_name: 'en',
  page: { id: 12, title: 'About us', url: 'https://brand.com/about/', content: 'SECRET' },
  product: {
    id: 111,
    sku: 'MUG-01',
    upc: '012345678905',
    gtin: '00012345678905',
    mpn: 'M-01',
    title: 'Stoneware Mug',
    url: 'https://brand.com/mug/',
    description: 'SECRET',
    main_image: { data: 'https://cdn.brand.com/{:size}/mug.jpg', alt: 'A grey mug' },
    price: {
      with_tax: { value: 0, formatted: '$0.00', currency: 'USD' },
      without_tax: { value: 22.68, formatted: '$22.68', currency: 'USD' },
    },
    brand: { name: 'Fireside', url: 'https://brand.com/fireside/' },
    category: ['Kitchen/Mugs'],
    can_purchase: false,
    out_of_stock: true,
    availability: 'Ships in 2 days',
    rating: 4,
    num_reviews: 0,
    tags: ['grey'],
    meta_description: 'A mug',
  },
  category: { id: 23, name: 'Kitchen', url: 'https://brand.com/kitchen/', total_products: 3 },
  brand: { name: 'Fireside', url: 'https://brand.com/fireside/' },
  cart: {
    quantity: 2,
    sub_total: { value: 49.9, formatted: '$49.90' },
    grand_total: { value: 53.9, formatted: '$53.90' },
    coupons: [{ code: 'WELCOME', id: 'SECRET' }],
    items: [1, 2].map((id) => ({
      product_id: id,
      variant_id: 358,
      sku: 'MUG-01',
      name: 'Stoneware Mug',
      url: 'https://brand.com/mug/',
      quantity: 2,
      price: { value: 24.95 },
      total: { value: 49.9 },
      category_names: ['Kitchen'],
      brand: { name: 'Fireside' },
    })),
  },
  forms: { search: { query: 'mug' } },
  checkout: { id: 'cart-1', order: { id: 1042 } },
  customer: {
    id: 7,
    email: 'ada@brand.com',
    name: 'Ada Lovelace',
    phone: 'SECRET',
    customer_group_name: 'SECRET',
    addresses: [{ street: 'SECRET' }],
    orders: [{ id: 'SECRET' }],
  },
  settings: {
    store_hash: 'abc123xyz',
    store_name: 'Brand',
    secure_base_url: 'https://brand.com',
    client_ip_address: 'SECRET',
    storefront_api: { token: 'token-of-the-page' },
  },
  currency_selector: { active_currency_code: 'USD' },
};

/** Runs the scripts of the rendered html as a page does, and gives what they leave for the SDK. */
function evaluate(html: string): { config: Record<string, unknown>; tags: string[] } {
  const scripts = [...html.matchAll(/<script(?<attributes>[^>]*)>(?<code>.*?)<\/script>/gs)];
  const page: Record<string, unknown> = {};
  const window = { extoleStorefront: page };
  for (const { groups } of scripts) vm.runInNewContext(groups?.code ?? '', { window });
  return {
    // As plain data: what another realm made is equal to nothing here.
    config: JSON.parse(JSON.stringify(page)),
    tags: scripts.map(({ groups }) => groups?.attributes ?? ''),
  };
}

const renderHtml = (context: object, engine: Engine): Promise<string> =>
  renderString(fillScriptHtml(TEMPLATE, OPTIONS), context, engine);
const render = async (context: object, engine: Engine) => evaluate(await renderHtml(context, engine));

/** Every path at which there is a value; lists count as a value, and as their first item. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return typeof value[0] === 'object' ? pathsOf(value[0], `${path}.[0]`) : [path];
  }
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, path ? `${path}.${key}` : key));
}

describe.each(ENGINES)('the script template in %s', (engine) => {
  it('prints the core tag first, then the context, then the SDK', async () => {
    const { tags, config } = await render(FULL_PAGE, engine);
    expect(tags).toEqual([
      ' async fetchpriority="high" src="https://share.brand.com/core.js"',
      '',
      ' async src="https://cdn.extole.example/1.0.0/extole-storefront.js"',
    ]);
    expect(config.programDomain).toBe('share.brand.com');
  });

  it('prints every path that the catalog offers, and no other', async () => {
    const { config } = await render(FULL_PAGE, engine);
    const offered = PAGE_CONTEXT_PATHS.filter(({ isFromBrowser }) => !isFromBrowser).map(({ path }) => path);
    expect(pathsOf(config.context).sort()).toEqual(offered.sort());
  });

  it('keeps types, zeros and falses', async () => {
    const { config } = await render(FULL_PAGE, engine);
    const at = (path: string) => lookUp(config.context, parsePath(path));
    expect(at('product.price.with_tax.value')).toBe(0);
    expect(at('product.can_purchase')).toBe(false);
    expect(at('product.num_reviews')).toBe(0);
    expect(at('product.category')).toEqual(['Kitchen/Mugs']);
    expect(at('product.main_image.url')).toBe('https://cdn.brand.com/original/mug.jpg');
    expect(at('cart.items.[1].product_id')).toBe(2);
  });

  it('never prints more of the customer than id, e-mail and name, nor what nobody asked for', async () => {
    const html = await renderHtml(FULL_PAGE, engine);
    expect(html).not.toContain('SECRET');
    expect(lookUp(evaluate(html).config, ['context', 'customer'])).toEqual({
      id: 7,
      email: 'ada@brand.com',
      name: 'Ada Lovelace',
    });
  });

  it('prints the token of the Storefront API for signed-in shoppers only', async () => {
    expect((await render(FULL_PAGE, engine)).config.storefrontApiToken).toBe('token-of-the-page');
    const guest = await renderHtml({ ...FULL_PAGE, customer: null }, engine);
    expect(guest).not.toContain('token-of-the-page');
    expect(lookUp(evaluate(guest).config, ['context', 'customer'])).toBeNull();
  });

  it.each([
    ['nothing at all', {}],
    [
      'empty objects',
      {
        product: {},
        category: {},
        brand: {},
        cart: {},
        customer: {},
        settings: {},
        page: {},
        forms: {},
        checkout: {},
      },
    ],
    ['nulls', Object.fromEntries(Object.keys(FULL_PAGE).map((key) => [key, null]))],
    ['a product without an image', { product: { ...FULL_PAGE.product, main_image: null } }],
    ['an empty cart', { cart: { items: [], coupons: [] } }],
    ['a checkout without an order', { checkout: { id: 'cart-1', order: null } }],
  ])('stays valid on a page with %s', async (_what, context) => {
    const { config } = await render(context, engine);
    expect(lookUp(config, ['context', 'customer'])).toBeNull();
    expect(lookUp(config, ['context', 'order'])).toBeUndefined();
  });

  it('keeps hostile names and titles as they are, and runs nothing', async () => {
    const { config, tags } = await render(
      {
        ...FULL_PAGE,
        product: { ...FULL_PAGE.product, title: HOSTILE, tags: [HOSTILE] },
        customer: { ...FULL_PAGE.customer, name: HOSTILE, email: HOSTILE },
        forms: { search: { query: HOSTILE } },
      },
      engine,
    );
    expect(tags).toHaveLength(3);
    for (const path of [
      'product.title',
      'customer.name',
      'customer.email',
      'search.query',
      'product.tags.[0]',
    ]) {
      expect(lookUp(config.context, parsePath(path))).toBe(HOSTILE);
    }
  });

  it('keeps what a page gave the SDK before', async () => {
    const html = await renderHtml(FULL_PAGE, engine);
    const window = { extoleStorefront: { q: [['identify', [null]]], debug: true } };
    for (const [, code = ''] of html.matchAll(/<script>(.*?)<\/script>/gs))
      vm.runInNewContext(code, { window });
    expect(window.extoleStorefront).toMatchObject({ q: [['identify', [null]]], debug: true });
  });
});

describe('the html of a script', () => {
  it('stays far below the 64 KB that BigCommerce takes', () => {
    expect(Buffer.byteLength(fillScriptHtml(TEMPLATE, OPTIONS))).toBeLessThan(16_384);
  });

  it('keeps room for the automatic zones that have a height, and for no others', async () => {
    const filled = (options: Partial<Parameters<typeof fillScriptHtml>[1]>) =>
      fillScriptHtml(TEMPLATE, { ...OPTIONS, ...options });
    const html = filled({
      zones: ['global_header', 'product', 'overlay'],
      zoneHeightsPx: { global_header: 48.4, product: 0, global_footer: 20, overlay: 9 },
    });
    expect(html).toContain('[data-content-region=\\"header_bottom--global\\"]{min-height:48px}');
    expect(html.match(/min-height/g)).toHaveLength(1);
    expect(filled({ zones: ['global_header'] })).not.toContain('min-height');
    expect(filled({ zoneHeightsPx: { global_header: 48 } })).not.toContain('min-height');
  });

  it('carries channel and zones', () => {
    const html = fillScriptHtml('%%CONFIG%%', { ...OPTIONS, channelId: 3, zones: ['confirmation'] });
    expect(JSON.parse(html)).toEqual({
      programDomain: 'share.brand.com',
      channelId: 3,
      zones: ['confirmation'],
    });
  });

  it('takes the core tag of a localhost over plain HTTP', () => {
    expect(fillScriptHtml('%%CORE_TAG%%', { ...OPTIONS, programDomain: 'localhost:4001' })).toContain(
      ' src="http://localhost:4001/core.js"',
    );
  });

  it('carries what the merchant switched on, and no more of it than the SDK needs', () => {
    const switchedOn = {
      consentCategory: 'analytics',
      conversion: true,
      verification: { appClientId: 'app-1', url: 'https://app.example/verify?a=1&b=2' },
    } as const;
    const verification = { ...switchedOn.verification, clientSecret: 'SECRET' };
    const html = fillScriptHtml('%%CONFIG%%', { ...OPTIONS, ...switchedOn, verification });
    expect(JSON.parse(html)).toEqual({ programDomain: 'share.brand.com', ...switchedOn });
  });

  it.each(ENGINES)('is read by %s as it was filled', async (engine) => {
    const said = {
      zones: ['{{customer.email}}', '}}'],
      verification: { appClientId: '{{x}}', url: 'https://app.example/verify' },
    };
    const html = await renderString(fillScriptHtml(TEMPLATE, { ...OPTIONS, ...said }), FULL_PAGE, engine);
    expect(evaluate(html).config).toMatchObject(said);
  });

  it('asks Extole for nothing where the shopper has to agree first', async () => {
    const html = fillScriptHtml(TEMPLATE, { ...OPTIONS, consent: 'required' });
    const { config, tags } = evaluate(await renderString(html, FULL_PAGE));
    expect(tags).toEqual(['', ` async src="${OPTIONS.sdkUrl}"`]);
    expect(html).not.toContain('core.js');
    expect(config).toMatchObject({ programDomain: 'share.brand.com', consent: 'required' });
  });

  it('holds no mustache and no end of a script, whatever the zones are called', () => {
    const html = fillScriptHtml('<script>x=%%CONFIG%%</script>', {
      ...OPTIONS,
      zones: ['</script>', '{{customer}}', '}}'],
    });
    expect(html).not.toMatch(/\{\{|<\/script>.+/s);
    expect(evaluate(html.replace('x=', 'window.extoleStorefront.x=')).config.x).toMatchObject({
      zones: ['</script>', '{{customer}}', '}}'],
    });
  });

  it.each(['https://share.brand.com', '{{x}}', '"><script>'])(
    'refuses the program domain %j',
    (programDomain) => {
      expect(() => fillScriptHtml('', { ...OPTIONS, programDomain })).toThrow(/^PROGRAM_DOMAIN_INVALID/);
    },
  );

  it.each([
    'http://cdn.com/x.js',
    'http://127.0.0.1.cdn.com/x.js',
    '//cdn.com/x.js',
    'x.js',
    'https://cdn.com/"x.js',
    'https://cdn.com/{{x}}.js',
    '/\\x',
  ])('refuses the SDK address %j', (sdkUrl) => {
    expect(() => fillScriptHtml('', { ...OPTIONS, sdkUrl })).toThrow(/^SDK_URL_INVALID/);
  });

  it.each(['http://app.com/verify', '/verify', '//app.com/verify', 'https://app.com/"x', ''])(
    'refuses to verify shoppers at %j',
    (url) => {
      const verification = { appClientId: 'app-1', url };
      expect(() => fillScriptHtml('', { ...OPTIONS, verification })).toThrow(/^VERIFICATION_URL_INVALID/);
    },
  );

  it.each(['https://app.com/verify', 'http://localhost:4000/verify'])(
    'takes %j to verify shoppers at',
    (url) => {
      const verification = { appClientId: 'app-1', url };
      expect(JSON.parse(fillScriptHtml('%%CONFIG%%', { ...OPTIONS, verification }))).toMatchObject({
        verification,
      });
    },
  );

  it.each([
    '/sdk/extole-storefront.js',
    'http://localhost:4000/x.js',
    'http://127.0.0.1:4004/x.js',
    'https://cdn.com/a?b=1&c=2',
  ])('takes the SDK address %j', (sdkUrl) => {
    expect(fillScriptHtml('%%SDK_TAG%%', { ...OPTIONS, sdkUrl })).toBe(
      `<script async src="${sdkUrl.replace('&', '&amp;')}"></script>`,
    );
  });
});
