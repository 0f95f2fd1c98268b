import { diagnose, type Fact, type Finding, type Inside, reportOf } from './debug-report.js';
import type { ZoneEventDetail, ZoneEventType } from './types.js';

/** What in the tab's name has the core show the panel on the next page too. */
const WISH = ' extole_debug';

/** As many failures are remembered. */
const MAX_FAILURES = 20;

const NEWS: readonly ZoneEventType[] = [
  'extole-zone:requested',
  'extole-zone:rendered',
  'extole-zone:failed',
];

// Nothing moves, so that nobody needs to be spared it. The element itself has neither the theme's styles nor a box.
const STYLE = `
:host { all: initial !important; display: contents !important }
[hidden] { display: none !important }
section { position: fixed; z-index: 2147483647; bottom: 8px; left: 8px; display: flex; flex-direction: column;
  box-sizing: border-box; max-width: min(420px, 100vw - 16px); max-height: 60vh; overflow: auto; direction: ltr;
  border: 1px solid #57606a; border-radius: 6px; background: #fff; color: #1f2328; color-scheme: light;
  font: 14px/1.4 system-ui, sans-serif; text-align: left; overflow-wrap: anywhere }
section.right { left: auto; right: 8px }
h2, h3, p, dl, dd { margin: 0; font: inherit }
h3 { margin-top: 12px; font-weight: bold }
button { padding: 4px 8px; border: 1px solid #57606a; border-radius: 4px; background: #f6f8fa; color: inherit;
  font: inherit; cursor: pointer }
h2 button { width: 100%; border: 0; font-weight: bold; text-align: left }
h2 button::before { content: "▸ " / "" }
h2 button[aria-expanded=true]::before { content: "▾ " / "" }
summary { padding: 4px 0; cursor: pointer }
:focus-visible { outline: 3px solid #0550ae; outline-offset: -3px }
.content { display: flex; flex: 0 1 60vh; flex-direction: column; min-height: 0; width: min(418px, 100vw - 18px) }
.actions { display: flex; flex-wrap: wrap; gap: 4px; padding: 8px }
[role=status], textarea { margin: 0 8px 8px }
[role=status]:empty { margin: 0 }
.findings { overflow: auto; min-height: 96px; padding: 0 8px 8px; border-top: 1px solid #d0d7de }
dl { display: grid; grid-template-columns: minmax(80px, auto) 1fr; gap: 2px 8px }
dt { color: #57606a }
details dl { padding-left: 12px }
@media print { section { display: none } }
`;

let closeShown: (() => void) | undefined;

/**
 * Shows how the SDK fares on this page, in a panel over a corner of the page. It looks again whenever a zone gets on.
 *
 * The panel stands in a shadow root of its own element, so that the theme's styles and scripts stay out, and takes neither
 * room from the page nor the focus.
 *
 * @returns What removes it. Only its own button has the tab forget that it was wanted.
 */
export function showPanel(inside: Inside): () => void {
  // A page that stops and starts at once wants one.
  closeShown?.();
  const failures: ZoneEventDetail[] = Array.from(inside.zones).flatMap(({ failure }) => failure ?? []);
  let findings: readonly Finding[] = [];
  let shown = '';
  let isExpanded = true;
  let turn = 0;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listening = new AbortController();

  const host = document.createElement('extole-debug');
  const root = host.attachShadow({ mode: 'open' });
  const status = make('p', { role: 'status' });
  const report = make('textarea', { 'aria-label': 'Report', rows: '6', readonly: '', hidden: '' });
  const list = make('div', { class: 'findings', role: 'group', 'aria-label': 'Findings', tabindex: '0' });
  const toggle = button('Extole diagnosis', () => expand(!isExpanded));
  const side = button('Move to the right', () => {
    const isRight = section.classList.toggle('right');
    side.textContent = `Move to the ${isRight ? 'left' : 'right'}`;
  });
  const actions = make(
    'div',
    { class: 'actions' },
    button('Copy report', copy),
    button('Refresh', () => look().then(() => say('Looked again.'))),
    side,
    button('Close', () => {
      forget();
      close();
    }),
  );
  const content = make('div', { class: 'content', id: 'content' }, actions, status, report, list);
  const section = make(
    'section',
    { role: 'region', 'aria-label': 'Extole diagnosis', lang: 'en' },
    make('h2', {}, toggle),
    content,
  );

  function say(text: string): void {
    status.textContent = text;
  }

  function expand(isWanted: boolean): void {
    isExpanded = isWanted;
    content.hidden = !isExpanded;
    toggle.setAttribute('aria-expanded', `${isExpanded}`);
  }

  async function copy(): Promise<void> {
    report.value = reportOf(findings);
    try {
      await navigator.clipboard.writeText(report.value);
      report.hidden = true;
      say('The report is copied. It holds nothing about the shopper.');
    } catch {
      // An insecure page has no clipboard, and a browser may refuse it.
      report.hidden = false;
      report.select();
      say('The browser does not let the page copy. The report is selected: copy it by keyboard.');
    }
  }

  /** Looks at everything anew, and shows it if it is not what shows already. */
  async function look(): Promise<void> {
    const mine = ++turn;
    remember();
    try {
      const found = await diagnose(inside, failures);
      if (mine !== turn) return;
      findings = found;
      const text = JSON.stringify(found);
      if (text !== shown) redraw();
      shown = text;
    } catch (error) {
      if (mine === turn) say(`The page could not be looked at: ${error}`);
    }
    clearTimeout(timer);
    // Nothing tells of the core tag when no zone waits for it.
    if (mine === turn && inside.hasConsent() && !inside.isCoreReady()) timer = setTimeout(lookSoon, 1000);
  }

  function lookSoon(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(look);
  }

  /** Has the tab want the panel on further pages. */
  function remember(): void {
    if (inside.hasConsent() && !window.name.includes(WISH)) window.name += WISH;
  }

  function forget(): void {
    window.name = window.name.replace(WISH, '');
  }

  /** What somebody opened stays open, and who reads on keeps the place. */
  function redraw(): void {
    const before = Array.from(list.querySelectorAll('details'));
    const focused = before.findIndex(({ firstElementChild }) => firstElementChild === root.activeElement);
    list.replaceChildren(...findings.flatMap(drawn));
    list.querySelectorAll('details').forEach((details, index) => {
      details.open = before[index]?.open ?? false;
      if (index === focused) details.querySelector('summary')?.focus({ preventScroll: true });
    });
  }

  function close(): void {
    turn = -1;
    listening.abort();
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    host.remove();
  }

  section.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isExpanded) return;
    // The store's own pop-ups need not close along with it.
    event.stopPropagation();
    expand(false);
    toggle.focus();
  });
  for (const type of NEWS) {
    document.addEventListener(
      type,
      ({ detail }) => {
        if (detail?.code) failures.push(detail);
        if (failures.length > MAX_FAILURES) failures.shift();
        lookSoon();
      },
      { signal: listening.signal },
    );
  }

  toggle.setAttribute('aria-controls', content.id);
  expand(true);
  dress(root, inside.config().nonce);
  root.append(section);
  // It may come before the body does.
  (document.body ?? document.documentElement).append(host);
  look();
  return close;
}

/** Gives the panel its style. A style sheet that a script makes needs no word in the page's Content-Security-Policy. */
function dress(root: ShadowRoot, nonce = ''): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Firefox before 101 and Safari before 16.4 have none.
    const style = make('style', {}, STYLE);
    style.nonce = nonce;
    root.append(style);
  }
}

function drawn({ title, facts, items = [] }: Finding): readonly Node[] {
  return [
    make('h3', {}, title),
    ...(facts.length + items.length > 0 ? [] : [make('p', {}, 'None')]),
    ...listOf(facts),
    ...items.map((item) => make('details', {}, make('summary', {}, item.title), ...listOf(item.facts))),
  ];
}

function listOf(facts: readonly Fact[]): readonly Node[] {
  // An empty list is announced as one.
  if (facts.length === 0) return [];
  const terms = facts.flatMap(({ label, text }) => [make('dt', {}, label), make('dd', {}, text)]);
  return [make('dl', {}, ...terms)];
}

function button(label: string, press: () => unknown): HTMLButtonElement {
  const made = make('button', { type: 'button' }, label);
  made.addEventListener('click', press);
  return made;
}

/** Makes an element. Strings become text, whatever is in them. */
function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}
