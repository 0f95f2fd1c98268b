import { KNOWN_ZONES, OVERLAY_ZONE_NAMES } from '../catalog/zones.js';
import { textsFor } from './preview-texts.js';
import type { Data } from './types.js';
import type { Preview } from './zones.js';

/** What Page Builder's user is told about one zone. */
export interface PreviewedZone {
  /** The `<extole-zone>`. Without one, for a zone that a script asked for, nothing is shown. */
  readonly element: HTMLElement | undefined;
  /** Extole's name of the zone; empty when a custom zone has none. */
  readonly name: string;
  /** Whether the creative brings its own place, so that it does not show in the element. */
  readonly isOverlay: boolean;
  /** The event data that would be sent. */
  readonly data: Data;
  /** What is wrong with the custom event data, in English; empty when that is not known, `undefined` when it is fine. */
  readonly problem: string | undefined;
  /** What stands between the braces of each placeholder that has no value on this page. */
  readonly unresolved: readonly string[];
}

/** What of a page's `window` tells where the page is open. */
export interface FramedWindow {
  readonly top: unknown;
  readonly parent: { readonly location: { readonly pathname: string } };
  readonly location: { readonly origin: string; readonly ancestorOrigins?: ArrayLike<string> };
  readonly document: { readonly referrer: string };
}

const CONTROL_PANEL_ORIGIN = /^https:\/\/.+\.(my)?bigcommerce\.com$/;

/**
 * Whether this page is open in BigCommerce's Page Builder.
 *
 * BigCommerce documents no sign of it, so this is a guess. What is known: Page Builder shows the real storefront in a
 * frame, inside the control panel, which is served over https from a host below `mybigcommerce.com` or `bigcommerce.com`.
 * The rule is therefore:
 *
 * 1. The page stands in a frame. A shopper's page hardly ever does, and a top-level page is never Page Builder.
 * 2. The frame's owner has an origin of the control panel. Who owns it is told by `ancestorOrigins`; a browser without
 *    that has the referrer, which is the owner for the first page in a frame, and after that the page before.
 * 3. An owner of the page's own origin counts only if its path is `/manage` or below. A store without a domain of its own
 *    lives on `store-….mybigcommerce.com` like its control panel, and may well frame its own pages for its shoppers.
 *
 * In doubt the answer is no: then shoppers and editors alike see the creatives. For the same reason nothing may hang on a
 * yes but what an editor sees of zones; conversions, above all, may not.
 */
export function isInPageBuilder(page: FramedWindow = window): boolean {
  if (page === page.top) return false;
  try {
    const owner = new URL(page.location.ancestorOrigins?.[0] ?? page.document.referrer).origin;
    return (
      CONTROL_PANEL_ORIGIN.test(owner) &&
      (owner !== page.location.origin || /^\/manage(\/|$)/.test(page.parent.location.pathname))
    );
  } catch {
    // Nobody says who owns the frame, or it is somebody else whose path may not be read.
    return false;
  }
}

const TITLE = 'Extole CTA Tag';
/**
 * How zones are shown instead of asked for; `undefined` where they are to be asked for.
 *
 * @param isWanted - What the configuration says; without a word on it, {@link isInPageBuilder} decides.
 */
export function previewFor(isWanted: boolean | undefined): Preview | undefined {
  if (!(isWanted ?? isInPageBuilder())) return undefined;
  return ({ element, name = '', custom }, data) =>
    showPreview({
      element,
      name,
      isOverlay: OVERLAY_ZONE_NAMES.includes(name),
      data,
      problem: custom?.problem,
      unresolved: custom?.unresolved ?? [],
    });
}

const BOX_ID = 'extole-preview';

// Written to each node, where a style sheet would need a word in the page's Content-Security-Policy.
const BOX_STYLE =
  'all:initial;display:block;direction:ltr;padding:8px;border:2px dashed #57606a;background:#f6f8fa;color:#24292f;font:14px/1.4 sans-serif;overflow-wrap:anywhere';
const PARAGRAPH_STYLE = 'margin:0 0 8px';
const NOTE_STYLE = `${PARAGRAPH_STYLE};padding:8px;border:2px solid #9a6700;background:#fff8c5`;
const LIST_STYLE = 'margin:0;display:grid;grid-template-columns:1fr 2fr;gap:0 8px';
// Long values would push what stands below off the screen; their title has the rest.
const ENTRY_STYLE = 'margin:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis';

/**
 * Shows what a zone is in a labelled box, above the zone's fallback, in the editor's language. Shown again, it is replaced.
 *
 * The box stands in a shadow root: the theme's styles stay out, and whoever reads the element's HTML, as an editor might do to
 * save it, does not find the box in there.
 */
export function showPreview(zone: PreviewedZone): void {
  const root = zone.element && shadowOf(zone.element);
  root?.getElementById(BOX_ID)?.remove();
  root?.prepend(boxOf(zone));
}

/** The element's shadow root; `undefined` for elements that can have none, such as `<a>`, or hide theirs. */
function shadowOf(element: HTMLElement): ShadowRoot | undefined {
  if (element.shadowRoot) return element.shadowRoot;
  try {
    const root = element.attachShadow({ mode: 'open' });
    root.append(document.createElement('slot'));
    return root;
  } catch {
    return undefined;
  }
}

function boxOf({ name, isOverlay, data, problem, unresolved }: PreviewedZone): HTMLElement {
  const { lang, texts } = textsFor(navigator.languages);
  const label =
    KNOWN_ZONES.find((known) => known.name === name)?.label ?? (name ? `Custom: ${name}` : 'Custom');
  const entries = Object.entries(data);

  const box = make('div', BOX_STYLE);
  const say = (...content: (Node | string)[]) => box.appendChild(make('p', PARAGRAPH_STYLE, ...content));
  // The sign tells it to those who do not see the colour.
  const warn = (...content: (Node | string)[]) => {
    const note = say('⚠\uFE0E ', ...content);
    note.style.cssText = NOTE_STYLE;
    note.setAttribute('role', 'note');
  };

  box.id = BOX_ID;
  box.lang = lang;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', `${TITLE}: ${label}`);
  say(make('b', '', TITLE), ` · ${label} `, make('code', '', name));
  if (name) say(`${isOverlay ? texts.overlay : texts.here} ${texts.edit}`);
  else warn(texts.noName);
  if (problem !== undefined) {
    const detail = make('span', '', problem && ` (${problem})`);
    detail.lang = 'en';
    warn(texts.badData, detail);
  }
  if (unresolved.length > 0) {
    warn(texts.unresolved, [...new Set(unresolved)].map((written) => ` {{${written}}}`).join());
  }
  say(entries.length > 0 ? texts.data : texts.noData);
  if (entries.length > 0) box.append(listOf(entries));
  return box;
}

function listOf(entries: readonly [string, unknown][]): HTMLElement {
  const list = make('dl', LIST_STYLE);
  for (const [key, value] of entries) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const shown = make('dd', ENTRY_STYLE, text);
    shown.title = text;
    list.append(make('dt', ENTRY_STYLE, key), shown);
  }
  return list;
}

/** Makes an element. Strings become text, whatever is in them. */
function make(
  tag: keyof HTMLElementTagNameMap,
  style: string,
  ...content: readonly (Node | string)[]
): HTMLElement {
  const element = document.createElement(tag);
  element.style.cssText = style;
  element.append(...content);
  return element;
}
