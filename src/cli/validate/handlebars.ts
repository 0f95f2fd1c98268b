import { createRequire } from 'node:module';

/** A place in a template: lines from 1, columns from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Located {
  readonly loc: { readonly start: Position; readonly end: Position };
}

/** `product.title`, `../x`, `@index`, `this`; a helper's name is one too. */
export interface PathExpression extends Located {
  readonly type: 'PathExpression';
  readonly original: string;
  readonly parts: readonly string[];
  /** How often it climbs with `../`. */
  readonly depth: number;
  /** Whether it starts with `@`. */
  readonly data: boolean;
}

interface Literal extends Located {
  readonly type: 'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral' | 'NullLiteral' | 'UndefinedLiteral';
  readonly original?: string | number | boolean | undefined;
}

/** Whatever has a name, arguments and named arguments. */
interface Call extends Located {
  readonly path: PathExpression | Literal;
  readonly params: readonly Expression[];
  readonly hash?:
    | { readonly pairs: readonly { readonly key: string; readonly value: Expression }[] }
    | undefined;
}

/** `(helper x)` as an argument. */
export interface SubExpression extends Call {
  readonly type: 'SubExpression';
}

/** What may stand as an argument. */
export type Expression = PathExpression | SubExpression | Literal;

/** `{{x}}`, `{{{x}}}`, `{{helper x}}`. */
export interface MustacheStatement extends Call {
  readonly type: 'MustacheStatement';
  readonly escaped: boolean;
}

/** `{{#helper x}}…{{else}}…{{/helper}}`. */
export interface BlockStatement extends Call {
  readonly type: 'BlockStatement';
  readonly program?: Program | undefined;
  readonly inverse?: Program | undefined;
}

interface PartialStatement extends Located {
  readonly type: 'PartialStatement' | 'PartialBlockStatement';
  readonly name: Expression;
}

interface OtherStatement extends Located {
  readonly type: 'ContentStatement' | 'CommentStatement' | 'DecoratorBlock' | 'Decorator';
}

/** One piece of a template. */
export type Statement = MustacheStatement | BlockStatement | PartialStatement | OtherStatement;

/** A template, or what stands inside a block. */
export interface Program extends Located {
  readonly body: readonly Statement[];
  readonly blockParams?: readonly string[] | null | undefined;
}

/** The part of Handlebars that we use. */
interface Handlebars {
  readonly helpers: Readonly<Record<string, unknown>>;
  parse(template: string): Program;
  precompile(template: string, options: { preventIndent: boolean }): unknown;
}

type PaperConstructor = new (
  siteSettings: object,
  themeSettings: object,
  assembler: object,
  engine: string,
) => { getRenderer(): { readonly handlebars: Handlebars } };

// The package is CommonJS and brings no types.
const Paper: PaperConstructor = createRequire(import.meta.url)('@bigcommerce/stencil-paper');

// What we say of a template is read from v4's tree, or from v3's where only that one reads it.
const ENGINES = ['v4', 'v3'].map((version) => ({
  name: `handlebars_${version}`,
  handlebars: new Paper({}, {}, {}, `handlebars-${version}`).getRenderer().handlebars,
}));

/** The names of all helpers that BigCommerce's engines have. */
export const HELPERS: ReadonlySet<string> = new Set(
  ENGINES.flatMap(({ handlebars }) => Object.keys(handlebars.helpers)),
);

/** An engine that does not read a template, and why. */
export interface SyntaxFault {
  readonly engine: string;
  /** From 1. */
  readonly line: number;
  /** The engine's own words, on one line. */
  readonly reason: string;
}

/** Reads a template with both engines of BigCommerce. */
export function parseTemplate(template: string): {
  /** `undefined` when neither engine reads it. */
  readonly program: Program | undefined;
  readonly faults: readonly SyntaxFault[];
} {
  let program: Program | undefined;
  const faults: SyntaxFault[] = [];
  for (const { name, handlebars } of ENGINES) {
    try {
      handlebars.precompile(template, { preventIndent: true });
      program ??= handlebars.parse(template);
    } catch (error) {
      faults.push({ engine: name, ...readFault(error, template) });
    }
  }
  return { program, faults };
}

/** Handlebars tells the line in its message: `Parse error on line 2:`, or ` - 2:3` at the end. */
function readFault(error: unknown, template: string): { line: number; reason: string } {
  const message = error instanceof Error ? error.message : String(error);
  const parse = /^Parse error on line (\d+):\n(.*)\n-*\^\n(?:Expecting .*, got '(.*)')?/.exec(message);
  if (parse) {
    const [, line, near, got] = parse;
    const open = got === 'EOF' ? innermostOpenBlock(template) : undefined;
    if (open) return { line: open.line, reason: `${open.tag} is not closed before the file ends` };
    return {
      line: Number(line),
      reason: `It can't go on at ${JSON.stringify(near)}${got === 'EOF' ? ', where the file ends' : ''}`,
    };
  }
  const [, reason, line] = /^(.*?)(?: - (\d+):\d+)?$/s.exec(message) ?? [];
  return { line: Number(line ?? 1), reason: reason ?? message };
}

/** A comment, or the tag that opens or closes a block. */
const BLOCK_TAG = /\{\{~?!--.*?--~?\}\}|\{\{~?!.*?\}\}|\{\{~?(?:#[*>]?|\^|(\/))\s*[^\s{}~|]+.*?\}\}/gs;

/** The block that was opened last of those that a template does not close; Handlebars tells of the file's end only. */
function innermostOpenBlock(template: string): { tag: string; line: number } | undefined {
  const open: { tag: string; line: number }[] = [];
  for (const { 0: tag, 1: slash, index } of template.matchAll(BLOCK_TAG)) {
    if (slash) open.pop();
    else if (!/^\{\{~?!/.test(tag))
      open.push({ tag: tag.replace(/\s+/g, ' '), line: template.slice(0, index).split('\n').length });
  }
  return open.at(-1);
}
