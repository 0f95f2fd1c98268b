import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Theme } from './engine.js';
import { LANGUAGES } from './store-data.js';

const FOLDER = join(import.meta.dirname, 'theme');

/** Where the theme's style sheet and pictures are. */
export const THEME_ASSETS = join(FOLDER, 'assets');

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
