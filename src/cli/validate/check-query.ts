import type { Finding } from '../finding.js';
import { didYouMean } from './did-you-mean.js';
import { membersOf } from './read-json.js';
import { everySetting, type Setting, typeMetaOf } from './settings.js';
import type { TemplateUses } from './template-uses.js';

/** BigCommerce fills it in by itself. */
const FILLED_IN = 'activeCurrencyCode';

const VARIABLE = /\$(\w+)\s*:\s*[[\]!\w\s]+(=)?/g;

/** A file that was read. */
interface TextFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Checks that a widget's GraphQL query, the mappings of its schema and what the template reads of the answer fit together.
 *
 * Source: BigCommerce, "Create Widgets Powered by GraphQL".
 *
 * @param query - `query.graphql`, where there is one.
 */
export function checkQuery(
  query: TextFile | undefined,
  schema: { readonly file: string; readonly settings: readonly Setting[] } | undefined,
  templateFile: string,
  { paths }: TemplateUses,
): Finding[] {
  const reading = paths.find(({ path }) => path.parts[0] === '_' && path.parts[1] === 'data');
  if (!query) return reading ? [missing(templateFile, reading.line)] : [];
  const isWhole = paths.some(({ path, helper }) => path.parts.length === 0 && helper !== undefined);
  return [
    ...(reading || isWhole ? [] : [unused(query.file)]),
    ...(schema ? checkVariables(query, schema.file, schema.settings) : []),
  ];
}

function missing(file: string, line: number): Finding {
  return {
    code: 'QUERY_MISSING',
    severity: 'error',
    file,
    line,
    what: 'The template reads "_.data", but there is no query.graphql.',
    why: '"_.data" is the answer to the query.',
    todo: 'Add query.graphql beside widget.html.',
  };
}

function unused(file: string): Finding {
  return {
    code: 'QUERY_UNUSED',
    severity: 'warning',
    file,
    line: 1,
    what: 'The template does not read "_.data", the answer to the query.',
    why: 'BigCommerce asks it each time for nothing.',
    todo: 'Read "_.data" in widget.html, or take out query.graphql.',
  };
}

function checkVariables(
  { file, text }: TextFile,
  schemaFile: string,
  settings: readonly Setting[],
): Finding[] {
  const variables = [...text.matchAll(VARIABLE)].map(({ 1: name = '', 2: initial, index }) => {
    return { name, isOptional: initial !== undefined, line: text.slice(0, index).split('\n').length };
  });
  const mappings = everySetting(settings).flatMap((setting) => membersOf(typeMetaOf(setting, 'mappings')));
  const mapped = mappings.map(({ name }) => name);
  const unmapped = variables.flatMap(({ name, isOptional, line }): Finding | [] =>
    isOptional || name === FILLED_IN || mapped.includes(name)
      ? []
      : {
          code: 'QUERY_VARIABLE_UNMAPPED',
          severity: 'warning',
          file,
          line,
          what: `No setting is mapped to the variable "$${name}".`,
          why: 'In a store it has no value.',
          todo: `Map one in a hidden setting of the type "graphQl": "${name}": { "reads": "…", "type": "…" }.`,
        },
  );
  const unknown = mappings.flatMap(({ name, line }): Finding | [] => {
    if (variables.some((variable) => variable.name === name)) return [];
    const meant = didYouMean(
      name,
      variables.map((variable) => variable.name),
    );
    return {
      code: 'QUERY_VARIABLE_UNKNOWN',
      severity: 'error',
      file: schemaFile,
      line,
      what: `The query has no variable "$${name}".`,
      todo: meant ? `Write "${meant}".` : 'Declare it in query.graphql, or take out the mapping.',
    };
  });
  return [...unmapped, ...unknown];
}
