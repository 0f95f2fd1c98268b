import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';

/** A `<script>` as it stands in the page's text. */
export interface ScriptTag {
  /** The absolute address of its file; `undefined` for an inline script. */
  readonly src: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands inside. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  readonly isInHead: boolean;
  /** Whether browsers run it: consent managers hold a script back by giving it a type that they don't know. */
  readonly isRun: boolean;
  /** Whether the page waits for its file. */
  readonly isBlocking: boolean;
}

/** An `<extole-zone>` as it stands in the page's text. */
export interface ZoneTag {
  /** Empty when it has none. */
  readonly name: string;
  readonly eventData: string | undefined;
  readonly line: number;
}

/** What a page's text says. */
export interface Page {
  /** Its address, after redirects. */
  readonly url: string;
  readonly scripts: readonly ScriptTag[];
  readonly zones: readonly ZoneTag[];
  /** BigCommerce's regions, by name. */
  readonly regions: readonly string[];
  /** The Content-Security-Policies of its header and its meta tags, as they are written. */
  readonly policies: readonly string[];
  /** Whether there is more to it than was read. */
  readonly isCut: boolean;
}

/**
 * Reads a page's HTML as a browser does before any script runs.
 *
 * @param headerPolicy - The header `Content-Security-Policy`.
 */
export function readPage(html: string, url: string, headerPolicy: string | null): Page {
  const scripts: ScriptTag[] = [];
  const zones: ZoneTag[] = [];
  const regions: string[] = [];
  const policies = headerPolicy ? [headerPolicy] : [];
  let base = url;

  const { document, isCut } = parseGuarded(html);

  for (const { element, isInHead } of elementsOf(document)) {
    const attributes = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
    const line = element.sourceCodeLocation?.startLine ?? 1;
    const { 'data-content-region': region } = attributes;
    if (region) regions.push(region);
    if (element.tagName === 'base') base = absolute(attributes.href, url) ?? base;
    if (element.tagName === 'meta' && isPolicy(attributes)) policies.push(attributes.content ?? '');
    if (element.tagName === 'extole-zone') {
      zones.push({ name: (attributes.name ?? '').trim(), eventData: attributes['event-data'], line });
    }
    if (element.tagName === 'script') {
      const src = absolute(attributes.src, base);
      const type = (attributes.type ?? '').trim().toLowerCase();
      const isRun = /^$|script$|^module$/.test(type);
      const isDeferred = 'async' in attributes || 'defer' in attributes || type === 'module';
      const isBlocking = isRun && src !== undefined && !isDeferred;
      scripts.push({ src, attributes, text: textIn(element), line, isInHead, isRun, isBlocking });
    }
  }
  return { url, scripts, zones, regions, policies, isCut };
}

/**
 * How deep and how large a page may get. Beyond a depth parsing takes ever longer, and browsers stop to nest too; and a few
 * tags that are never closed can make any number of elements.
 */
const MAX_DEPTH = 512;
const MAX_ELEMENTS = 200_000;

/** Parses until there is more than a page should have. */
function parseGuarded(html: string): { document: DefaultTreeAdapterTypes.Document; isCut: boolean } {
  const document = defaultTreeAdapter.createDocument();
  let depth = 0;
  let elements = 0;
  try {
    parse(html, {
      sourceCodeLocationInfo: true,
      treeAdapter: {
        ...defaultTreeAdapter,
        createDocument: () => document,
        onItemPush: () => {
          depth += 1;
          elements += 1;
          if (depth > MAX_DEPTH || elements > MAX_ELEMENTS) throw new TooMuch();
        },
        onItemPop: () => {
          depth -= 1;
        },
      },
    });
    return { document, isCut: false };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { document, isCut: true };
  }
}

class TooMuch extends Error {}

interface Found {
  readonly element: DefaultTreeAdapterTypes.Element;
  readonly isInHead: boolean;
}

/** The elements in the order of the text. Without recursion, since a page may nest as deeply as it likes. */
function* elementsOf(document: DefaultTreeAdapterTypes.Document): Generator<Found> {
  const waiting: { node: DefaultTreeAdapterTypes.ChildNode; isInHead: boolean }[] = [];
  const wait = (parent: DefaultTreeAdapterTypes.ParentNode, isInHead: boolean): void => {
    for (const node of [...parent.childNodes].reverse()) waiting.push({ node, isInHead });
  };
  wait(document, false);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (!defaultTreeAdapter.isElementNode(next.node)) continue;
    const isInHead = next.isInHead || next.node.tagName === 'head';
    yield { element: next.node, isInHead };
    wait(next.node, isInHead);
  }
}

const textIn = ({ childNodes }: DefaultTreeAdapterTypes.Element): string =>
  childNodes.map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : '')).join('');

const isPolicy = (attributes: Readonly<Record<string, string>>): boolean =>
  attributes['http-equiv']?.toLowerCase() === 'content-security-policy';

const absolute = (address: string | undefined, base: string): string | undefined =>
  address !== undefined && URL.canParse(address, base) ? new URL(address, base).href : undefined;
