import { readFileSync } from 'node:fs';
import { PAGE_CONTEXT_PATHS, type PageKind } from '../../src/catalog/page-context.js';
import { fillScriptHtml } from '../../src/store/script-html.js';

const HEAD = `# Page context

What a placeholder in Custom Event Data may name, and where it has a value. This page is made from
\`src/catalog/page-context.ts\` by \`npm run docs\`; the templates in \`templates/\` are held to the same list.

\`\`\`json
{"static_variable": "foobar", "dynamic_product_url": "{{product.url}}"}
\`\`\`

## How placeholders work

- \`{{product.url}}\`, \`{{{product.url}}}\`, \`<<product.url>>\` and \`{{ product.url }}\` mean the same. Where Handlebars would read
  the braces first (in a theme file), write \`<<product.url>>\`.
- A string that is one whole placeholder becomes the value with its type: \`"{{product.price.with_tax.value}}"\` arrives as the
  number \`24.95\`, \`"{{product.tags}}"\` as a list. Inside longer text the value is printed as Handlebars prints it, with nothing
  escaped.
- Paths are those of Handlebars: dots, \`cart.items.[0].sku\`, \`product.[odd name]\`; \`cart.items[0].sku\` works too.
- **A value that does not exist drops the key**, also when the placeholder stands inside longer text. Handlebars would print
  nothing in its place and leave the rest. \`null\` counts as not existing. With \`?extole_debug\` in the address the console says
  which ones were dropped.
- Keys are taken as they stand.
- \`../\`, \`@root\`, helpers, blocks and functions resolve to nothing, as do \`__proto__\`, \`constructor\` and \`prototype\`.

## Where there is no Handlebars

On Catalyst and other headless storefronts, give the same paths yourself:

\`\`\`js
extoleStorefront.setContext({ product: { url: 'https://brand.com/mug/', title: 'Stoneware Mug' } });
extoleStorefront.identify({ id: 7, email: 'ada@brand.com', first_name: 'Ada', last_name: 'Lovelace' });
\`\`\`
`;

const table = (kind: PageKind): string =>
  PAGE_CONTEXT_PATHS.filter(({ on }) => on === kind)
    .map(({ path, what, example }) => `| \`${path}\` | ${what} | ${example} |`)
    .join('\n');

/** The text of `docs/page-context.md`. */
export function pageContextMarkdown(): string {
  const kinds = [...new Set(PAGE_CONTEXT_PATHS.map(({ on }) => on))];
  const sections = kinds.map(
    (kind) => `## On ${kind}\n\n| Path | What it is | For instance |\n|---|---|---|\n${table(kind)}\n`,
  );
  return [HEAD, ...sections].join('\n');
}

/** The text of `templates/stencil/head.html`: what the Scripts API gets, for a theme file. */
export function stencilHead(): string {
  const template = readFileSync(new URL('../../templates/script.html', import.meta.url), 'utf8');
  const filled = fillScriptHtml(template, {
    programDomain: 'share.brand.com',
    sdkUrl: 'https://cdn.brand.com/extole-storefront.js',
  });
  return `{{!--
  For <head> in templates/layout/base.html of a Stencil theme, where Extole is put into the theme without the app. Put your program
  domain in place of share.brand.com (twice), and the address of your copy of the SDK in place of cdn.brand.com.
  Made from templates/script.html by "npm run docs".
--}}
${filled}`;
}
