import {
  type BlockStatement,
  type Expression,
  HELPERS,
  type MustacheStatement,
  type PathExpression,
  type Program,
  type SubExpression,
} from './handlebars.js';
import { ANY, type Found, follow, type Shape, VALUE } from './shape.js';

/** A path that a template reads from its context. */
export interface PathUse {
  readonly path: PathExpression;
  readonly line: number;
  readonly found: Found;
  /** The helper that it is an argument of. */
  readonly helper?: string;
  /** Whether what is printed there is known to have a value: it stands behind an `{{#if}}` of the same path, or is the context itself. */
  readonly isGuarded: boolean;
  /** Whether BigCommerce's two engines read it from different places. */
  readonly differsByEngine: boolean;
}

/** A helper that a template calls. */
export interface HelperUse {
  readonly name: string;
  readonly line: number;
  /** Whether the context has a value of this name, which the helper hides. */
  readonly hides: boolean;
}

/** A mustache that prints something: a path, or what a helper makes of its arguments. */
export interface Print {
  readonly statement: MustacheStatement;
  readonly helper?: string;
  readonly paths: readonly PathUse[];
}

/** What a template reads, calls and prints. */
export interface TemplateUses {
  readonly paths: readonly PathUse[];
  readonly helpers: readonly HelperUse[];
  readonly prints: readonly Print[];
  readonly partials: readonly { readonly name: string; readonly line: number }[];
}

/** What names mean at a place of the template. */
interface Scope {
  readonly context: Shape;
  /** Names that `as |…|` gives. */
  readonly names: ReadonlyMap<string, Shape>;
  /** Whether the block made another object the context. v3 climbs from every block by `../`, v4 from such blocks only. */
  readonly isNewContext: boolean;
}

interface Place {
  /** The innermost comes last. */
  readonly scopes: readonly Scope[];
  /** Paths that have a value here. */
  readonly guarded: ReadonlySet<string>;
}

// Blocks of these helpers are printed with the context that they stand in.
const CONDITIONS: ReadonlySet<string> = new Set(
  (
    'if unless all any or and compare contains eq is isnt gt gte lt lte has neither ifEven ifNth ifOdd inArray isEmpty ' +
    'lengthEqual startsWith unlessEq unlessGt unlessLt unlessGteq unlessLteq block partial'
  ).split(' '),
);
const NO_NAMES: ReadonlyMap<string, Shape> = new Map();

/** Whether a helper only looks at its arguments or goes through them, so that what is inside of them is read by the block. */
export const isStructural = (helper: string): boolean =>
  CONDITIONS.has(helper) || helper === 'each' || helper === 'with';

/**
 * Finds out what a template reads from its context, as Handlebars would: each path from where it stands.
 *
 * @param context - What the template gets.
 */
export function readUses(program: Program, context: Shape): TemplateUses {
  const paths: PathUse[] = [];
  const helpers: HelperUse[] = [];
  const prints: Print[] = [];
  const partials: { name: string; line: number }[] = [];

  const readProgram = ({ body }: Program, place: Place): void => {
    for (const statement of body) {
      const { line } = statement.loc.start;
      if (statement.type === 'MustacheStatement') {
        const { helper, read } = readCall(statement, place);
        prints.push(helper === undefined ? { statement, paths: read } : { statement, helper, paths: read });
      } else if (statement.type === 'BlockStatement') {
        readBlock(statement, place);
      } else if (statement.type === 'PartialStatement' || statement.type === 'PartialBlockStatement') {
        partials.push({ name: String('original' in statement.name ? statement.name.original : ''), line });
      }
    }
  };

  const readBlock = (block: BlockStatement, place: Place): void => {
    const { helper } = readCall(block, place);
    if (block.program) {
      const scope = scopeOf(block, helper, place, block.program.blockParams ?? []);
      readProgram(block.program, {
        scopes: [...place.scopes, scope],
        guarded: scope.isNewContext ? new Set() : new Set([...place.guarded, ...guardsOf(block, 'program')]),
      });
    }
    if (block.inverse) {
      readProgram(block.inverse, {
        scopes: [...place.scopes, sameContext(place)],
        guarded: new Set([...place.guarded, ...guardsOf(block, 'inverse')]),
      });
    }
  };

  const readCall = (
    call: MustacheStatement | BlockStatement | SubExpression,
    place: Place,
  ): { helper?: string; read: PathUse[] } => {
    const { path, params, hash } = call;
    if (path.type !== 'PathExpression') return { read: [] };
    const args = [...params, ...(hash?.pairs.map(({ value }) => value) ?? [])];
    const name = path.original;
    const isHelper = HELPERS.has(name) && !blockParam(path, place);
    if (!isHelper && args.length === 0 && call.type !== 'SubExpression') {
      return { read: [readPath(path, place)] };
    }
    const hides = args.length === 0 && call.type !== 'SubExpression' && isKnown(resolve(path, place).found);
    helpers.push({ name, line: path.loc.start.line, hides });
    return { helper: name, read: args.flatMap((arg) => readArgument(arg, name, place)) };
  };

  const readArgument = (argument: Expression, helper: string, place: Place): PathUse[] => {
    if (argument.type === 'PathExpression') return [readPath(argument, place, helper)];
    return argument.type === 'SubExpression' ? readCall(argument, place).read : [];
  };

  const readPath = (path: PathExpression, place: Place, helper?: string): PathUse => {
    const use: PathUse = {
      path,
      line: path.loc.start.line,
      ...resolve(path, place),
      isGuarded: path.data || isContextItself(path, place) || place.guarded.has(nameOf(path)),
      ...(helper === undefined ? {} : { helper }),
    };
    paths.push(use);
    return use;
  };

  const root: Scope = { context, names: NO_NAMES, isNewContext: true };
  readProgram(program, { scopes: [root], guarded: new Set() });
  return { paths, helpers, prints, partials };
}

/** A path without what makes no difference: `this.x`, `./x` and `x` are the same. */
const nameOf = ({ depth, parts, data }: PathExpression): string =>
  `${data ? '@' : ''}${'../'.repeat(depth)}${parts.join('.')}`;

const isKnown = (found: Found): boolean =>
  'shape' in found && (found.shape.kind !== 'any' || found.setting !== undefined);

const currentContext = ({ scopes }: Place): Shape => scopes.at(-1)?.context ?? ANY;

const sameContext = (place: Place): Scope => ({
  context: currentContext(place),
  names: NO_NAMES,
  isNewContext: false,
});

/** What `as |name|` gave the first part of the path, where it did. */
function blockParam(path: PathExpression, { scopes }: Place): Shape | undefined {
  const [name] = path.parts;
  if (name === undefined || path.data || path.depth > 0 || /^(this\b|\.)/.test(path.original))
    return undefined;
  return [...scopes]
    .reverse()
    .find(({ names }) => names.has(name))
    ?.names.get(name);
}

/** Whether a path names an object that a block is printed for: `this`, `.`, or an item's name. */
const isContextItself = (path: PathExpression, place: Place): boolean =>
  path.parts.length === 0 || (path.parts.length === 1 && blockParam(path, place) !== undefined);

function resolve(path: PathExpression, place: Place): Pick<PathUse, 'found' | 'differsByEngine'> {
  const { scopes } = place;
  const named = blockParam(path, place);
  if (named) return { found: follow(named, path.parts.slice(1)), differsByEngine: false };
  if (path.data) {
    const isRoot = path.parts[0] === 'root';
    const found = follow(isRoot ? (scopes[0]?.context ?? ANY) : ANY, path.parts.slice(1));
    return { found, differsByEngine: false };
  }
  const contexts = (among: readonly Scope[]): Scope[] => among.filter(({ isNewContext }) => isNewContext);
  const inV3 = contexts(scopes.slice(0, Math.max(0, scopes.length - path.depth))).at(-1);
  const inV4 = contexts(scopes).at(-1 - path.depth);
  const readings = [inV3, inV4].flatMap((scope) => (scope ? follow(scope.context, path.parts) : []));
  return {
    found: readings.find((found) => 'shape' in found) ?? readings[0] ?? { missing: path.original, among: [] },
    differsByEngine: inV3 !== inV4,
  };
}

/** What the names inside of a block mean. */
function scopeOf(
  block: BlockStatement,
  helper: string | undefined,
  place: Place,
  blockParams: readonly string[],
): Scope {
  const target = targetOf(block, helper, place);
  if (!target) return sameContext(place);
  const context =
    helper !== 'with' && target.kind === 'list' ? target.item : helper === 'each' ? ANY : target;
  const names = blockParams.map((name, index): [string, Shape] => [name, index === 0 ? context : VALUE]);
  return { context, names: new Map(names), isNewContext: true };
}

/** What a block is printed for; `undefined` when it is the context that it stands in. */
function targetOf(block: BlockStatement, helper: string | undefined, place: Place): Shape | undefined {
  if (helper !== undefined && CONDITIONS.has(helper)) return undefined;
  const source =
    helper === undefined ? block.path : helper === 'each' || helper === 'with' ? block.params[0] : undefined;
  if (source?.type !== 'PathExpression') return ANY;
  const { found } = resolve(source, place);
  const shape = 'shape' in found ? found.shape : ANY;
  // `{{#flag}}…{{/flag}}` is printed for the context when it is true.
  return helper === undefined && shape.kind === 'value' ? undefined : shape;
}

/** The paths that have a value in a branch of a block, because its condition says so. */
function guardsOf(block: BlockStatement, branch: 'program' | 'inverse'): string[] {
  const helper = block.path.type === 'PathExpression' ? block.path.original : '';
  const [first, operator] = block.params;
  const isNegated = operator?.type === 'StringLiteral' && String(operator.original).startsWith('!');
  const wanted = { if: 'program', all: 'program', and: 'program', unless: 'inverse' }[helper];
  if (wanted !== branch || isNegated) return [];
  const checked = helper === 'if' || helper === 'unless' ? [first] : block.params;
  return checked.flatMap((param) => (param?.type === 'PathExpression' ? nameOf(param) : []));
}
