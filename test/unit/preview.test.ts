// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type FramedWindow,
  isInPageBuilder,
  type PreviewedZone,
  showPreview,
} from '../../src/storefront/preview.js';
import { textsFor } from '../../src/storefront/preview-texts.js';

const STORE = 'https://www.brand.com';
const PERMANENT = 'https://store-abc123.mybigcommerce.com';

interface Framing {
  /** The origin of the page itself. */
  readonly page?: string;
  /** What `ancestorOrigins` says; `undefined` in a browser that has none. */
  readonly ancestors?: readonly string[] | undefined;
  readonly referrer?: string;
  /** The path of the page around the frame; `undefined` when it may not be read. */
  readonly parentPath?: string | undefined;
}

const framed = ({ page = STORE, ancestors, referrer = '', parentPath }: Framing): FramedWindow => ({
  top: {},
  parent: {
    get location() {
      if (parentPath === undefined) throw new DOMException('Blocked a frame', 'SecurityError');
      return { pathname: parentPath };
    },
  },
  location: { origin: page, ...(ancestors && { ancestorOrigins: ancestors }) },
  document: { referrer },
});

describe('a page that asks whether it is open in Page Builder', () => {
  it.each([PERMANENT, 'https://www.brand.mybigcommerce.com', 'https://manage.bigcommerce.com'])(
    'says yes in a frame of %s, and just so where only the referrer tells it',
    (owner) => {
      expect(isInPageBuilder(framed({ ancestors: [owner] }))).toBe(true);
      expect(isInPageBuilder(framed({ referrer: `${owner}/manage/page-builder?channelId=1` }))).toBe(true);
    },
  );

  it.each([
    'https://partner.example',
    'https://evil-mybigcommerce.com',
    'https://evilbigcommerce.com',
    'https://mybigcommerce.com',
    'https://bigcommerce.com',
    'https://mybigcommerce.com.evil.com',
    'https://store-abc123.mybigcommerce.com.evil.com',
    'https://store-abc123.mybigcommerce.comx',
    'https://store-abc123.mybigcommercescom',
    'http://store-abc123.mybigcommerce.com',
    'https://store-abc123.mybigcommerce.com@evil.com',
    'https://evil.com/.mybigcommerce.com',
    'https://evil.com?.mybigcommerce.com',
    'https://evil.com#.mybigcommerce.com',
    'null',
    '',
  ])('says no in a frame of %j, however it is told', (owner) => {
    expect(isInPageBuilder(framed({ ancestors: [owner], parentPath: '/manage' }))).toBe(false);
    expect(isInPageBuilder(framed({ referrer: owner, parentPath: '/manage' }))).toBe(false);
  });

  it('believes the nearest frame, and no one further out', () => {
    expect(isInPageBuilder(framed({ ancestors: [PERMANENT, 'https://partner.example'] }))).toBe(true);
    expect(isInPageBuilder(framed({ ancestors: ['https://partner.example', PERMANENT] }))).toBe(false);
  });

  it('does not believe a referrer that the browser contradicts', () => {
    const ancestors = ['https://partner.example'];
    expect(isInPageBuilder(framed({ ancestors, referrer: `${PERMANENT}/manage` }))).toBe(false);
  });

  it.each([
    ['/manage', true],
    ['/manage/page-builder', true],
    ['/', false],
    ['/manage-your-account', false],
    ['/blog/manage', false],
    [undefined, false],
  ])('in a frame of its own origin, whose path is %j, says %j', (parentPath, expected) => {
    const page = PERMANENT;
    expect(isInPageBuilder(framed({ page, ancestors: [PERMANENT], parentPath }))).toBe(expected);
    expect(isInPageBuilder(framed({ page, referrer: `${PERMANENT}/manage`, parentPath }))).toBe(expected);
  });

  it('says no at the top, wherever it came from', () => {
    const page = { ...framed({ referrer: `${PERMANENT}/manage` }), top: undefined as unknown };
    page.top = page;
    expect(isInPageBuilder(page)).toBe(false);
    expect(isInPageBuilder()).toBe(false);
  });
});

const LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt', 'ja'];
const readIn = (...languages: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);

const place = (html = '<extole-zone><b>Refer a friend</b></extole-zone>'): HTMLElement => {
  document.body.insertAdjacentHTML('beforeend', html);
  const element = document.body.lastElementChild;
  if (!(element instanceof HTMLElement)) throw new Error('no element');
  return element;
};
/** Shows a zone, and finds its box. */
const show = (zone: Partial<PreviewedZone> = {}, element = place()): HTMLElement => {
  showPreview({
    element,
    name: 'product',
    isOverlay: false,
    data: {},
    problem: undefined,
    unresolved: [],
    ...zone,
  });
  const box = element.shadowRoot?.querySelector('[role=group]');
  if (!(box instanceof HTMLElement)) throw new Error('no box');
  return box;
};
const notes = (box: HTMLElement) =>
  Array.from(box.querySelectorAll('[role=note]'), (note) => note.textContent ?? '');
const entries = (box: HTMLElement) =>
  Array.from(box.querySelectorAll('dt'), (key) => [key.textContent, key.nextElementSibling?.textContent]);

beforeEach(() => void readIn('en-US'));
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

describe('the box of a zone', () => {
  it.each([
    ['global_header', 'Header'],
    ['confirmation', 'Order Confirmation'],
    ['spring_sale', 'Custom: spring_sale'],
  ])('calls %s by what merchants call it, and by its name in Extole', (name, label) => {
    const box = show({ name });
    expect(box.getAttribute('aria-label')).toBe(`Extole CTA Tag: ${label}`);
    expect(box.querySelector('p')?.textContent).toBe(`Extole CTA Tag · ${label} ${name}`);
  });

  it('says that the creative shows here, and where it is changed', () => {
    const { textContent } = show();
    expect(textContent).toContain('Extole’s creative shows here on your storefront.');
    expect(textContent).toContain('Content is changed in Extole’s Campaign Editor.');
    expect(textContent).not.toContain('overlay');
  });

  it('says of an overlay that it shows elsewhere', () => {
    const { textContent } = show({ name: 'overlay', isOverlay: true });
    expect(textContent).toContain('This zone shows as an overlay, not at this place.');
    expect(textContent).not.toContain('shows here');
  });

  it('lists the data, text as it is and everything else as JSON', () => {
    const data = {
      email: 'ada@brand.com',
      empty: '',
      price: 12.5,
      tags: ['a'],
      more: { on: true },
      none: null,
    };
    const box = show({ data });
    expect(entries(box)).toEqual([
      ['email', 'ada@brand.com'],
      ['empty', ''],
      ['price', '12.5'],
      ['tags', '["a"]'],
      ['more', '{"on":true}'],
      ['none', 'null'],
    ]);
    expect(box.textContent).toContain('Event data');
  });

  it('says when there is no data', () => {
    const box = show();
    expect(box.textContent).toContain('No event data');
    expect(box.querySelector('dl')).toBeNull();
  });

  it('has the whole of a value that is too long to show', () => {
    const long = 'x'.repeat(5000);
    const value = show({ data: { long } }).querySelector('dd');
    expect(value?.title).toBe(long);
    expect(value?.style.textOverflow).toBe('ellipsis');
  });

  it('tells of no problem where there is none', () => {
    expect(notes(show({ data: { locale: 'en' } }))).toEqual([]);
  });

  it.each<[string, Partial<PreviewedZone>, string, string]>([
    [
      'a name that is missing',
      { name: '' },
      'Enter the name of the custom zone.',
      'Geben Sie den Namen der benutzerdefinierten Zone ein.',
    ],
    [
      'event data that is no JSON object, and where it broke',
      { problem: 'line 1, column 2: expected a key' },
      'The Custom Event Data is not a JSON object and is left out. (line 1, column 2: expected a key)',
      'Die benutzerdefinierten Ereignisdaten sind kein JSON-Objekt und werden weggelassen. (line 1, column 2: expected a key)',
    ],
    [
      'event data that is no JSON object, for a reason not known',
      { problem: '' },
      'The Custom Event Data is not a JSON object and is left out.',
      'Die benutzerdefinierten Ereignisdaten sind kein JSON-Objekt und werden weggelassen.',
    ],
    [
      'placeholders without a value, each once',
      { unresolved: ['product.url', 'cart.id', 'product.url'] },
      'No value on this page, so left out (other pages may have one): {{product.url}}, {{cart.id}}',
      'Ohne Wert auf dieser Seite und daher weggelassen (andere Seiten können einen haben): {{product.url}}, {{cart.id}}',
    ],
  ])('tells of %s, in English and in German', (_what, zone, english, german) => {
    readIn('en-US', 'de');
    expect(notes(show(zone))).toEqual([`⚠\uFE0E ${english}`]);
    readIn('de-AT', 'en');
    expect(notes(show(zone))).toEqual([`⚠\uFE0E ${german}`]);
  });

  it('tells of all problems at once', () => {
    expect(notes(show({ name: '', problem: 'x', unresolved: ['a'] }))).toHaveLength(3);
  });

  it('promises no creative to a zone without a name', () => {
    const box = show({ name: '' });
    expect(box.getAttribute('aria-label')).toBe('Extole CTA Tag: Custom');
    expect(box.textContent).not.toContain('shows here');
  });

  it('marks its language for screen readers, and what stays English within it', () => {
    readIn('ja-JP');
    const box = show({ problem: 'line 1' });
    expect(box.lang).toBe('ja');
    expect(box.querySelector('[role=note] [lang=en]')?.textContent).toBe(' (line 1)');
  });

  it('keeps what is typed or shown as text, whatever is in it', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const box = show({
      name: hostile,
      data: { [hostile]: hostile, nested: { hostile } },
      problem: hostile,
      unresolved: [hostile],
    });
    expect(box.querySelector('img')).toBeNull();
    expect(box.textContent?.split(hostile)).toHaveLength(8);
    expect(box.getAttribute('aria-label')).toBe(`Extole CTA Tag: Custom: ${hostile}`);
  });

  it('keeps out of the way of the keyboard and of the headings of the page', () => {
    const box = show({ name: '', data: { a: 'b' }, problem: '', unresolved: ['x'] });
    expect(box.querySelector('a, button, input, [tabindex], h1, h2, h3, h4, h5, h6')).toBeNull();
  });
});

describe('the element around the box', () => {
  it('shows its fallback below, and holds what it held', () => {
    const element = place();
    const before = document.body.innerHTML;
    const box = show({}, element);
    const slot = box.nextElementSibling;
    expect(slot instanceof HTMLSlotElement && slot.assignedNodes()).toEqual([element.firstChild]);
    expect(document.body.innerHTML).toBe(before);
  });

  it('shows one box however often it is shown, with what holds now', () => {
    const element = place();
    show({ name: 'product', problem: 'line 1', data: { old: 'x' } }, element);
    const box = show({ name: 'overlay', isOverlay: true, data: { fresh: 'y' } }, element);
    expect(element.shadowRoot?.querySelectorAll('[role=group]')).toHaveLength(1);
    expect(element.shadowRoot?.querySelectorAll('slot')).toHaveLength(1);
    expect(box.getAttribute('aria-label')).toBe('Extole CTA Tag: Overlay');
    expect(notes(box)).toEqual([]);
    expect(entries(box)).toEqual([['fresh', 'y']]);
  });

  it('keeps a shadow root that it has already', () => {
    const element = place();
    const own = document.createElement('em');
    element.attachShadow({ mode: 'open' }).append(own);
    show({}, element);
    const box = show({}, element);
    expect(Array.from(element.shadowRoot?.children ?? [])).toEqual([box, own]);
  });

  it.each([
    ['can have no shadow root', () => place('<a href="#">Refer</a>')],
    [
      'hides its shadow root',
      () => {
        const element = place();
        element.attachShadow({ mode: 'closed' });
        return element;
      },
    ],
  ])('is left alone when it %s', (_what, make) => {
    const element = make();
    const before = document.body.innerHTML;
    expect(() => show({}, element)).toThrow('no box');
    expect(document.body.innerHTML).toBe(before);
  });

  it('may be missing', () => {
    const before = document.body.innerHTML;
    showPreview({
      element: undefined,
      name: 'conversion',
      isOverlay: true,
      data: {},
      problem: undefined,
      unresolved: [],
    });
    expect(document.body.innerHTML).toBe(before);
  });
});

describe('the languages of the box', () => {
  it.each(LANGUAGES)('has every text in %s, and none of it left in English', (lang) => {
    const found = textsFor([`${lang}-XX`]);
    const { texts: english } = textsFor(['en']);
    expect(found.lang).toBe(lang);
    expect(Object.keys(found.texts)).toEqual(Object.keys(english));
    for (const text of Object.values(found.texts)) {
      expect(text.trim()).not.toBe('');
      if (lang !== 'en') expect(Object.values(english)).not.toContain(text);
    }
  });

  it.each([
    [['pt-BR'], 'pt'],
    [['ko', 'fr-CA', 'de'], 'fr'],
    [['ko', 'tr'], 'en'],
    [[], 'en'],
  ])('are chosen by what the editor reads first: %j', (languages, lang) => {
    readIn(...languages);
    expect(show().lang).toBe(lang);
  });
});
