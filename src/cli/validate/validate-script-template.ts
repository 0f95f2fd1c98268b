import type { Finding } from '../finding.js';
import { checkContextUses, checkScriptLimits } from './check-script-template.js';
import { checkSyntax, checkTemplate } from './check-template.js';
import { STENCIL_CONTEXT } from './stencil-context.js';
import { templateText } from './template-html.js';
import { readUses } from './template-uses.js';

/** Checks a template of a script for BigCommerce's Scripts API. `%%MARKS%%`, which are filled in before, may stand in it. */
export function validateScriptTemplate(file: string, text: string): Finding[] {
  const { program, findings } = checkSyntax(file, text);
  if (!program) return findings;
  const template = templateText(text);
  const uses = readUses(program, STENCIL_CONTEXT);
  return [
    ...findings,
    ...checkTemplate(file, template, program, uses),
    ...checkContextUses(file, uses),
    ...checkScriptLimits(file, template, program),
  ];
}
