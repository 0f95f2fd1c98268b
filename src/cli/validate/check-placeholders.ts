import { PAGE_CONTEXT_PATHS } from '../../catalog/page-context.js';
import type { Finding } from '../finding.js';
import { isOffered, placeholdersIn } from '../placeholders.js';
import { didYouMean } from './did-you-mean.js';
import { everyValue, type JsonNode, textOf } from './read-json.js';

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
  return placeholdersIn(textOf(node) ?? '').flatMap((written): Finding | [] => {
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
