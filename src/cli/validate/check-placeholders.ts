import { PAGE_CONTEXT_PATHS } from '../../catalog/page-context.js';
import type { Finding } from '../finding.js';
import { didYouMean } from './did-you-mean.js';
import { everyValue, type JsonNode, textOf } from './read-json.js';

// As the SDK finds them in event data.
const PLACEHOLDER = /\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}|<<([^<>]*)>>/g;

/** Checks the placeholders in the texts of a widget's `config.json`. */
export function checkConfigurationPlaceholders(file: string, root: JsonNode): Finding[] {
  return [...everyValue(root)].flatMap(({ node }) => checkText(file, node));
}

/** Checks the placeholders in what a schema writes into event data or shows as an example of it. */
export function checkSchemaPlaceholders(file: string, root: JsonNode): Finding[] {
  return [...everyValue(root)].flatMap(({ name, node }) =>
    name === 'default' || name === 'placeholder' ? checkText(file, node) : [],
  );
}

function checkText(file: string, node: JsonNode): Finding[] {
  return [...(textOf(node) ?? '').matchAll(PLACEHOLDER)].flatMap(([, ...groups]): Finding | [] => {
    const written = (groups.find((group) => group !== undefined) ?? '').trim();
    if (isOffered(written)) return [];
    const meant = didYouMean(
      written,
      PAGE_CONTEXT_PATHS.map(({ path }) => path),
    );
    return {
      code: 'PLACEHOLDER_UNKNOWN',
      severity: 'warning',
      file,
      line: node.line,
      what: `The placeholder "${written}" is no path of the page context.`,
      why: 'Without a value its key is left out of the event data, unless the page gives one by setContext.',
      todo: meant ? `Write "${meant}".` : 'Choose a path of docs/page-context.md.',
    };
  });
}

/** Whether the catalog has a path, or what it is a part of; any item of a list and any parameter of the address will do. */
function isOffered(written: string): boolean {
  const path = segmentsOf(written);
  return PAGE_CONTEXT_PATHS.some((offered) => {
    const segments = segmentsOf(offered.path);
    return path.every((segment, index) => {
      const expected = segments[index];
      if (expected === undefined || expected === '0') return /^\d+$/.test(segment);
      return segment === expected || (index === 2 && offered.path.startsWith('url.query.'));
    });
  });
}

/** `items.[0].name`, `items[0].name` and `items/0/name` are one path. */
function segmentsOf(path: string): string[] {
  return path
    .split(/[./]|(?=\[)/)
    .filter(Boolean)
    .map((segment) => segment.replace(/^\[(.*)\]$/, '$1'));
}
