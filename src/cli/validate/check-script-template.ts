import { SCRIPT_HTML_LIMIT } from '../../store/publication.js';
import type { Finding } from '../finding.js';
import { checkSize } from './check-size.js';
import { didYouMean, respell } from './did-you-mean.js';
import type { Program } from './handlebars.js';
import { scriptsOf, type TemplateText } from './template-html.js';
import type { PathUse, TemplateUses } from './template-uses.js';

/** BigCommerce's guide to the Scripts API; its OpenAPI file says one. */
const MAX_SCRIPT_TAGS = 5;

/** Checks that a script reads what BigCommerce's pages offer. */
export function checkContextUses(file: string, { paths }: TemplateUses): Finding[] {
  return paths.flatMap((use) => checkKnown(file, use));
}

function checkKnown(file: string, { path, line, found }: PathUse): Finding[] {
  if ('shape' in found) return [];
  const meant = didYouMean(found.missing, found.among);
  return [
    {
      code: 'CONTEXT_PATH_UNKNOWN',
      severity: 'warning',
      file,
      line,
      what: `"${path.original}" reads "${found.missing}", which BigCommerce does not document.`,
      why: 'What a page does not offer prints nothing.',
      todo: meant
        ? `Write "${respell(path.original, found.missing, meant)}".`
        : "Look it up in BigCommerce's Stencil object reference.",
    },
  ];
}

/** Checks the limits that the Scripts API has for the `html` of a script. */
export function checkScriptLimits(file: string, template: TemplateText, program: Program): Finding[] {
  return [
    ...checkSize({
      file,
      size: template.text.length,
      limit: SCRIPT_HTML_LIMIT,
      unit: 'characters',
      subject: 'The script',
      todo: 'Serve the code as a file, and load it by <script src>.',
    }),
    ...checkTags(file, template, program),
  ];
}

function checkTags(file: string, template: TemplateText, program: Program): Finding[] {
  const scripts = scriptsOf(template, program);
  const [, second] = scripts;
  if (scripts.length === 0) {
    return [
      {
        code: 'SCRIPT_TAG_MISSING',
        severity: 'error',
        file,
        line: 1,
        what: 'The template has no <script> tag.',
        why: 'The Scripts API takes no other html.',
        todo: 'Put the code into a <script> tag.',
      },
    ];
  }
  if (scripts.length > MAX_SCRIPT_TAGS) {
    return [
      {
        code: 'SCRIPT_TAGS_TOO_MANY',
        severity: 'error',
        file,
        line: scripts[MAX_SCRIPT_TAGS]?.line ?? 1,
        what: `The template has ${scripts.length} <script> tags; the Scripts API takes ${MAX_SCRIPT_TAGS}.`,
        todo: 'Put the code into fewer tags, or into a second script.',
      },
    ];
  }
  return second
    ? [
        {
          code: 'SCRIPT_TAGS_SEVERAL',
          severity: 'info',
          file,
          line: second.line,
          what: `The template has ${scripts.length} <script> tags.`,
          why: `BigCommerce's guide allows ${MAX_SCRIPT_TAGS}, its API specification one; a store may answer 422.`,
          todo: 'Be ready to create one script for each tag.',
        },
      ]
    : [];
}
