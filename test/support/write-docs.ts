import { writeFileSync } from 'node:fs';
import { ordersMarkdown, pageContextMarkdown, stencilHead } from './generated-docs.js';

const root = new URL('../../', import.meta.url);
writeFileSync(new URL('docs/page-context.md', root), pageContextMarkdown());
writeFileSync(new URL('docs/orders.md', root), ordersMarkdown());
writeFileSync(new URL('templates/stencil/head.html', root), stencilHead());
