import type { StateAnswer } from '../page-builder-api.js';
import { languagesOf } from '../settings.js';
import { complain, say } from './announce.js';
import type { Editing } from './editing.js';
import { onClick, part } from './element.js';

/** The bar on top: which page is shown how, and what became of the changes. */
export interface TopBar {
  /** `edit` or `preview` */
  mode(): string;
  widthPx(): number;
  /** What the settings are shown in. */
  language(): string;
  showPage(): void;
  showState(): void;
}

/** What is chosen in the bar. */
export interface TopBarEvents {
  page(path: string): void;
  mode(): void;
  width(): void;
  language(): void;
}

/**
 * Fills the bar.
 *
 * @param forms - Whose languages can be chosen. The first choice is the browser's.
 */
export function createTopBar(editing: Editing, forms: StateAnswer['forms'], events: TopBarEvents): TopBar {
  const pages = part('page', HTMLSelectElement);
  const languages = part('language', HTMLSelectElement);
  const state = part('state', HTMLElement);
  const save = part('save', HTMLButtonElement);
  const publish = part('publish', HTMLButtonElement);

  for (const { path, title } of editing.pages) pages.add(new Option(title, path));
  pages.addEventListener('change', () => events.page(pages.value));

  const tags = [...new Set(Object.values(forms).flatMap(languagesOf))];
  for (const tag of tags) languages.add(new Option(languageName(tag), tag));
  languages.value =
    navigator.languages
      .flatMap((wanted) => [wanted, wanted.replace(/-.*/, '')])
      .find((wanted) => tags.includes(wanted)) ??
    tags[0] ??
    '';
  part('language-choice', HTMLElement).hidden = tags.length === 0;
  languages.addEventListener('change', () => events.language());

  // A desktop's page would be too small to be read there.
  if (matchMedia('(width < 720px)').matches) part('phone', HTMLInputElement).checked = true;
  onChosen('mode', () => events.mode());
  onChosen('width', () => events.width());

  // Buttons that can't be used now stay where the focus is.
  const keep = async (button: HTMLButtonElement, call: () => Promise<void>): Promise<void> => {
    if (button.ariaDisabled === 'true') return;
    try {
      await call();
      complain();
      say(state.textContent);
    } catch (error) {
      complain(error);
    }
  };
  onClick('save', () => keep(save, editing.save));
  onClick('publish', () => keep(publish, editing.publish));
  window.addEventListener('beforeunload', (event) => {
    if (!editing.isSaved()) event.preventDefault();
  });

  return {
    mode: () => chosen('mode'),
    widthPx: () => Number(chosen('width')),
    language: () => languages.value,
    showPage: () => {
      pages.value = editing.page().path;
    },
    showState: () => {
      const [isSaved, isPublished] = [editing.isSaved(), editing.isPublished()];
      state.textContent = isPublished ? 'All changes published' : isSaved ? 'Draft saved' : 'Unsaved changes';
      save.ariaDisabled = `${isSaved}`;
      publish.ariaDisabled = `${isPublished}`;
    },
  };
}

/** What a language calls itself. Templates may have tags that are none. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The value of the radio button of a group that is on. */
function chosen(group: string): string {
  return document.querySelector<HTMLInputElement>(`input[name=${group}]:checked`)?.value ?? '';
}

function onChosen(group: string, react: () => void): void {
  for (const radio of document.querySelectorAll(`input[name=${group}]`)) {
    radio.addEventListener('change', react);
  }
}
