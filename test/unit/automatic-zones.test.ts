// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { notPlaced, placeZones } from '../../src/storefront/automatic-zones.js';
import type { ZoneOptions } from '../../src/storefront/types.js';

const ALL = ['global_header', 'global_footer', 'product', 'overlay'];
const CORNERSTONE = `
  <header id="header">
    <nav><div data-content-region="header_navigation_bottom--global"></div></nav>
  </header>
  <div data-content-region="header_bottom"></div>
  <div data-content-region="header_bottom--global"></div>
  <main>
    <div data-content-region="product_below_content"></div>
    <div data-content-region="product_below_price"></div>
    <header></header><article><footer></footer></article>
  </main>
  <footer id="footer"><div data-content-region="ssl_site_seal--global"></div></footer>`;

let asked: ZoneOptions[] = [];
const place = (zones: readonly string[], pageType?: string) => {
  asked = [];
  return placeZones({ zones, pageType, createZone: (zone) => void asked.push(zone) });
};
/** Where each zone stands: its region, or the tag and id of what it stands in. */
const places = () =>
  Object.fromEntries(
    Array.from(document.querySelectorAll('extole-zone')).map((element) => {
      const { parentElement: parent } = element;
      const where = parent?.getAttribute('data-content-region') ?? `${parent?.localName}#${parent?.id}`;
      return [element.getAttribute('name'), where];
    }),
  );

afterEach(() => {
  document.body.replaceChildren();
  delete window.extole;
  vi.restoreAllMocks();
});

describe('automatic zones', () => {
  it('show in the regions of a product page, and as overlays', () => {
    document.body.innerHTML = CORNERSTONE;
    place(ALL, 'product');
    expect(places()).toEqual({
      global_header: 'header_bottom--global',
      global_footer: 'ssl_site_seal--global',
      product: 'product_below_price',
    });
    expect(asked).toEqual([{ name: 'overlay' }]);
    expect(notPlaced()).toEqual([]);
  });

  it.each([
    ['global_header', 'header_bottom--global', 'header_navigation_bottom--global'],
    ['global_header', 'header_navigation_bottom--global', 'header_bottom'],
    ['global_header', 'header_bottom', 'header#header'],
    ['global_footer', 'ssl_site_seal--global', 'footer#footer'],
    ['product', 'product_below_price', 'product_below_content'],
  ])('show the zone %s without the region %s in %s', (name, missing, expected) => {
    document.body.innerHTML = CORNERSTONE;
    const order = ['header_bottom--global', 'header_navigation_bottom--global', 'header_bottom'];
    const gone = name === 'global_header' ? order.slice(0, order.indexOf(missing) + 1) : [missing];
    for (const region of gone) document.querySelector(`[data-content-region="${region}"]`)?.remove();
    place([name], 'product');
    expect(places()).toEqual({ [name]: expected });
  });

  it('come after what stands in their place', () => {
    document.body.innerHTML = '<header><p>Menu</p></header>';
    place(['global_header']);
    expect(document.querySelector('header')?.innerHTML).toBe(
      '<p>Menu</p><extole-zone name="global_header"></extole-zone>',
    );
  });

  it('show nowhere when the page has no place for them', () => {
    document.body.innerHTML = '<main><header></header></main><article><footer></footer></article>';
    place(['global_header', 'global_footer', 'product', 'referral_page', 'constructor'], 'product');
    expect(places()).toEqual({});
    expect(notPlaced()).toEqual(
      ['global_header', 'global_footer', 'product', 'referral_page', 'constructor'].map((name) => ({
        name,
        why: 'no-region',
      })),
    );
  });

  it.each(['category', undefined])('show no product zone on a page of type %j', (pageType) => {
    document.body.innerHTML = CORNERSTONE;
    place(['product'], pageType);
    expect(places()).toEqual({});
    expect(notPlaced()).toEqual([{ name: 'product', why: 'not-a-product-page' }]);
  });

  it('show nothing at all on the checkout page', () => {
    document.body.innerHTML = CORNERSTONE;
    place(ALL, 'checkout');
    expect([places(), asked]).toEqual([{}, []]);
    expect(notPlaced()).toEqual(ALL.map((name) => ({ name, why: 'checkout' })));
  });

  it('show once when they are named twice', () => {
    document.body.innerHTML = CORNERSTONE;
    place(['overlay', 'global_header', 'overlay', 'global_header']);
    expect(document.querySelectorAll('extole-zone')).toHaveLength(1);
    expect(asked).toEqual([{ name: 'overlay' }]);
  });

  it('are left to a widget or the theme, wherever the page has them', () => {
    document.body.innerHTML = `${CORNERSTONE}<extole-zone name=" global_header "></extole-zone><extole-zone name="overlay"></extole-zone><extole-zone></extole-zone>`;
    place(['global_header', 'overlay', 'global_footer']);
    expect(document.querySelectorAll('extole-zone')).toHaveLength(4);
    expect(asked).toEqual([]);
    expect(notPlaced()).toEqual([
      { name: 'global_header', why: 'in-page' },
      { name: 'overlay', why: 'in-page' },
    ]);
  });

  it('do not show twice when they are placed twice', () => {
    document.body.innerHTML = CORNERSTONE;
    place(['global_header']);
    place(['global_header']);
    expect(document.querySelectorAll('extole-zone')).toHaveLength(1);
  });

  it('are left to others whose call waits in the queue of Extole', () => {
    document.body.innerHTML = CORNERSTONE;
    const queue: unknown[] = [];
    // The "Magic Script" of Extole's own tags.
    function createZone(..._call: unknown[]) {
      // biome-ignore lint/complexity/noArguments: what stands in the queue is an arguments object
      queue.push(['createZone', arguments]);
    }
    createZone({ name: 'overlay' });
    createZone({ name: 'global_header', element_id: 'somewhere' });
    queue.push(['other', [{ name: 'global_footer' }]]);
    Object.assign(window, { extole: { q: queue } });
    place(['overlay', 'global_header', 'global_footer']);
    expect(places()).toEqual({ global_footer: 'ssl_site_seal--global' });
    expect(asked).toEqual([]);
    expect(notPlaced()).toEqual([
      { name: 'overlay', why: 'asked-by-others' },
      { name: 'global_header', why: 'asked-by-others' },
    ]);
  });

  it('are not kept from showing by what else stands in that queue', () => {
    const hostile = {
      get name(): string {
        throw new Error('hostile');
      },
    };
    const odd = [null, 7, 'createZone', {}, ['createZone'], ['createZone', null], ['createZone', [null]]];
    Object.assign(window, { extole: { q: [...odd, ['createZone', [hostile]]] } });
    place(['overlay']);
    expect(asked).toEqual([{ name: 'overlay' }]);
  });

  it('wait until the page is parsed, once', () => {
    const readyState = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
    place(['global_header', 'overlay', 'product']);
    expect([places(), asked, notPlaced()]).toEqual([{}, [], []]);
    document.body.innerHTML = CORNERSTONE;
    readyState.mockReturnValue('interactive');
    document.dispatchEvent(new Event('DOMContentLoaded'));
    document.dispatchEvent(new Event('DOMContentLoaded'));
    expect(places()).toEqual({ global_header: 'header_bottom--global' });
    expect(asked).toEqual([{ name: 'overlay' }]);
    expect(notPlaced()).toEqual([{ name: 'product', why: 'not-a-product-page' }]);
  });

  it('do not come any more when that is taken back before the page is parsed', () => {
    document.body.innerHTML = CORNERSTONE;
    vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
    const undo = place(['global_header', 'overlay']);
    undo();
    document.dispatchEvent(new Event('DOMContentLoaded'));
    expect([places(), asked]).toEqual([{}, []]);
  });
});
