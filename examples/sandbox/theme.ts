import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Theme } from './engine.js';
import { LANGUAGES } from './store-data.js';

const FOLDER = join(import.meta.dirname, 'theme');

/** Where the theme's style sheet and pictures are. */
export const THEME_ASSETS = join(FOLDER, 'assets');

/**
 * The regions of each page of a theme, in the order in which they stand: its own, its layout's and those of what it includes.
 *
 * @returns Region names by template file: `pages/product`.
 */
export function regionsOf({ templates }: Theme): Map<string, readonly string[]> {
  // A page ends by naming its layout, which says where the page goes.
  const regionsIn = (path: string, page: readonly string[] = []): string[] => {
    const found: string[] = [];
    const parts = (templates[path] ?? '').matchAll(
      /\{\{> *([\w/-]+)|\{\{\{region name="([^"]+)"|\{\{#block "page"/g,
    );
    for (const [, included, region] of parts) {
      if (included?.startsWith('layout/')) return regionsIn(included, found);
      found.push(...(included ? regionsIn(included) : region ? [region] : page));
    }
    return found;
  };
  const pages = Object.keys(templates).filter((path) => path.startsWith('pages/'));
  return new Map(pages.map((path) => [path, [...new Set(regionsIn(path))]]));
}

/** Reads the sample theme, whose regions are named as Cornerstone's are. */
export function readTheme(): Theme {
  const templates = join(FOLDER, 'templates');
  const paths = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.html'),
  );
  return {
    templates: Object.fromEntries(
      paths.map((path) => [
        path.replaceAll('\\', '/').replace(/\.html$/, ''),
        readFileSync(join(templates, path), 'utf8'),
      ]),
    ),
    translations: Object.fromEntries(
      LANGUAGES.map((language) => [
        language,
        JSON.parse(readFileSync(join(FOLDER, 'lang', `${language}.json`), 'utf8')),
      ]),
    ),
  };
}
