import type { Finding } from '../finding.js';
import { everyValue, JsonError, type JsonNode, membersOf, readJson } from './read-json.js';

/**
 * Reads a JSON file, and reports where it is none or says something twice.
 *
 * @returns The document, unless the text is no JSON.
 */
export function checkJson(file: string, text: string): { root?: JsonNode; findings: Finding[] } {
  try {
    const root = readJson(text);
    return { root, findings: [...everyValue(root)].flatMap(({ node }) => checkNames(file, node)) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { line, message } = error;
    const finding: Finding = {
      code: 'JSON_INVALID',
      severity: 'error',
      file,
      line,
      what: `The file is no JSON: ${message}`,
      todo: 'Look there and in the line before: a comma, a quote or a bracket is missing or too many.',
    };
    return { findings: [finding] };
  }
}

function checkNames(file: string, node: JsonNode): Finding[] {
  const members = membersOf(node);
  return members.flatMap(({ name, line }, index) => {
    const first = members.findIndex((member) => member.name === name);
    return first === index
      ? []
      : {
          code: 'JSON_NAME_TWICE',
          severity: 'warning',
          file,
          line,
          what: `"${name}" is there twice; the first is in line ${members[first]?.line}.`,
          why: 'The last one counts, and the others are lost.',
          todo: 'Keep one of them.',
        };
  });
}
