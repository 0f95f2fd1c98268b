import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Finding } from '../finding.js';
import { validateScriptTemplate } from './validate-script-template.js';
import { validateWidget, type WidgetFiles } from './validate-widget.js';

/** What was found in a folder, and how much was looked at. */
export interface Validated {
  /** By file and line. */
  readonly findings: Finding[];
  /** How many of each there were. */
  readonly checked: { readonly widgets: number; readonly templates: number };
}

/**
 * Checks all widgets and script templates of a folder: the folder itself if it is a widget, the widgets right inside of it or in
 * its folder `widgets`, and `*.html` in its folder `templates`.
 *
 * @param folder - The folder, as it was typed. Findings name their files by it.
 * @returns That there was nothing to check is a finding too. Rejects when a file can't be read.
 */
export async function validateFolder(folder: string): Promise<Validated> {
  const widgets = await widgetFolders(folder);
  const scripts = await scriptTemplates(folder);
  const findings: Finding[] = widgets.length + scripts.length === 0 ? [nothingToValidate(folder)] : [];
  for (const widget of widgets) findings.push(...validateWidget(widget, await readWidget(widget)));
  for (const script of scripts) {
    findings.push(...validateScriptTemplate(script, await readFile(script, 'utf8')));
  }
  findings.sort((a, b) => compare(a.file ?? '', b.file ?? '') || compare(a.line ?? 0, b.line ?? 0));
  return { findings, checked: { widgets: widgets.length, templates: scripts.length } };
}

function nothingToValidate(folder: string): Finding {
  return {
    code: 'NOTHING_TO_VALIDATE',
    severity: 'error',
    file: folder,
    what: 'The folder holds neither a widget (widget.html, schema.json) nor templates/*.html.',
    todo: 'Name the folder that does.',
  };
}

const compare = <Value extends string | number>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);

async function widgetFolders(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  // A theme has a schema.json too, which is about something else.
  const isWidget =
    names.includes('widget.html') || (names.includes('schema.json') && !names.includes('templates'));
  if (isWidget) return [folder];
  const found: string[] = [];
  for (const path of [folder, join(folder, 'widgets')]) {
    for (const name of await namesIn(path)) {
      const inside = await namesIn(join(path, name));
      const isAmongWidgets = basename(resolve(path)) === 'widgets';
      if (inside.includes('widget.html') || (isAmongWidgets && inside.includes('schema.json'))) {
        found.push(join(path, name));
      }
    }
  }
  return found;
}

async function scriptTemplates(folder: string): Promise<string[]> {
  const path = basename(resolve(folder)) === 'templates' ? folder : join(folder, 'templates');
  const names = await namesIn(path);
  return names.filter((name) => name.endsWith('.html')).map((name) => join(path, name));
}

async function readWidget(folder: string): Promise<WidgetFiles> {
  const names = await namesIn(folder);
  const read = async (name: string): Promise<string | undefined> =>
    names.includes(name) ? readFile(join(folder, name), 'utf8') : undefined;
  return {
    template: await read('widget.html'),
    schema: await read('schema.json'),
    translations: await read('schema_translations.json'),
    configuration: await read('config.json'),
    query: await read('query.graphql'),
  };
}

/** What is in a folder, by name; nothing where it is none. */
async function namesIn(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ? (await readdir(path)).sort() : [];
}
