import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import type { Position, Program, Statement } from './handlebars.js';

/** Where characters stand in a template, from 0; the end is behind the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What stands where in a template, counted in characters. */
export interface TemplateText {
  readonly text: string;
  /** The offset of a place that Handlebars tells. */
  offsetOf(position: Position): number;
}

/** Prepares a template for finding places in it. */
export function templateText(text: string): TemplateText {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, offsetOf: ({ line, column }) => (starts[line - 1] ?? text.length) + column };
}

/** A script element of a template. */
export interface Script {
  /** Where its tag stands, from 1. */
  readonly line: number;
  /** Where its code stands. */
  readonly content: Range;
  /** Whether it holds JSON (`application/ld+json`) and no code. */
  readonly isJson: boolean;
}

/** The script elements of a template, in whichever branch they stand. */
export function scriptsOf(template: TemplateText, program: Program): Script[] {
  return elementsIn(htmlOf(template, program, 'all branches')).flatMap((element): Script | [] => {
    if (element.tagName !== 'script' || !element.sourceCodeLocation) return [];
    const { startTag, endTag, endOffset, startLine } = element.sourceCodeLocation;
    const start = startTag?.endOffset ?? endOffset;
    const isJson = element.attrs.some(({ name, value }) => name === 'type' && value.endsWith('json'));
    return { line: startLine, content: { start, end: endTag?.startOffset ?? endOffset }, isJson };
  });
}

/** An attribute whose value has no quotes around it. */
export interface UnquotedAttribute {
  readonly name: string;
  /** Where its value stands. */
  readonly value: Range;
}

/** The attributes of a template that have no quotes around their values, in whichever branch they stand. */
export function unquotedAttributesOf(template: TemplateText, program: Program): UnquotedAttribute[] {
  const html = htmlOf(template, program, 'all branches');
  return elementsIn(html).flatMap(({ sourceCodeLocation }) =>
    Object.entries(sourceCodeLocation?.attrs ?? {}).flatMap(([name, { startOffset, endOffset: end }]) => {
      const [before, quote] = /^[^=]*=\s*(["']?)/.exec(html.slice(startOffset, end)) ?? [];
      return before === undefined || quote
        ? []
        : { name, value: { start: startOffset + before.length, end } };
    }),
  );
}

function elementsIn(html: string): DefaultTreeAdapterTypes.Element[] {
  const found: DefaultTreeAdapterTypes.Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes) {
      if ('tagName' in child) found.push(child);
      if ('childNodes' in child) visit(child);
      if ('content' in child) visit(child.content);
    }
  };
  visit(parseFragment(html, { sourceCodeLocationInfo: true }));
  return found;
}

/** The lines of the elements that stand at the root of a template; of two branches of a block, those of the first. */
export function rootElementLines(template: TemplateText, program: Program): number[] {
  const html = htmlOf(template, program, 'first branches');
  const { childNodes } = parseFragment(html, { sourceCodeLocationInfo: true });
  return childNodes.flatMap((node) => ('tagName' in node ? (node.sourceCodeLocation?.startLine ?? 1) : []));
}

/** Whether a template has an element of this name. */
export function hasElement(text: string, name: string): boolean {
  return text.includes(`<${name}`);
}

/**
 * The template's HTML alone, each character where it was. What Handlebars would print is an `x`, so that attributes without quotes
 * and words stay; what it would not is a blank.
 */
function htmlOf(
  template: TemplateText,
  program: Program,
  branches: 'all branches' | 'first branches',
): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
  let html = '';
  const put = ({ loc }: Statement, replace: (text: string) => string): void => {
    const start = template.offsetOf(loc.start);
    html += blank(template.text.slice(html.length, start));
    html += replace(template.text.slice(start, template.offsetOf(loc.end)));
  };
  const write = ({ body }: Program): void => {
    for (const statement of body) {
      if (statement.type === 'ContentStatement') put(statement, (text) => text);
      else if (statement.type === 'MustacheStatement') put(statement, (text) => text.replace(/[^\n]/g, 'x'));
      else if (statement.type === 'BlockStatement') {
        if (statement.program) write(statement.program);
        if (statement.inverse && (branches === 'all branches' || !statement.program))
          write(statement.inverse);
      }
    }
  };
  write(program);
  return html + blank(template.text.slice(html.length));
}
