import { readFileSync } from 'node:fs';
import { ORDER_DATA_PATHS } from '../../src/catalog/order-data.js';
import { PAGE_CONTEXT_PATHS, type PageKind } from '../../src/catalog/page-context.js';
import { DEFAULT_SETTINGS, ORDER_EVENTS, ORDER_STATUSES } from '../../src/catalog/settings.js';
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

const ORDERS_HEAD = `# Orders

How a store's orders become Extole's events, for merchants, for whoever sets up the program at Extole, and for support. The tables on this page
are made from \`src/catalog/settings.ts\` and \`src/catalog/order-data.ts\` by \`npm run docs\`.

## What is told, and when

Each of these is told once for an order (each refund once), with the order number as \`partner_conversion_id\`. Names and statuses are settings.`;

const ORDERS_RULES = `- **Created waits until the order is paid.** Incomplete, Pending, Awaiting Payment, Declined and Cancelled orders never count by themselves. As a
  setting, it is told as soon as there is an order, whatever its status but Incomplete, which is a checkout that never came to its end.
- **Without "created" there is nothing else.** The cancellation of an order that Extole never counted is not told. Where "created" is switched off, since the
  browser or somebody else tells it, the rest is told all the same.
- **What lay between two looks is told in its order**: an order that is Shipped when we first see it is told as created, then as fulfilled.
- **Orders from before** the app was installed, and orders that were migrated with an old date, are not told. An import (Activity → Import orders) tells
  those since a date of your choice.
- **The browser's conversion** (a setting of its own) is told when the order is placed, paid or not. Where unpaid orders must not count, switch it off.
- **Archived** (deleted in the control panel): not told as created any more; what becomes of one that was told goes on being told. Deleted for
  good: nothing more. **Made by the API**: as any other; BigCommerce gives them the status Pending unless the call says otherwise, so they count once
  somebody moves them on. **A storefront that is off**, or that was never set up: nothing is told of its orders.
- **Refunds** are off unless the program uses them. Each one is told with its amount: as "refunded" when nothing of the order's total is left
  with it, as "partially refunded" otherwise. An order that somebody gives the status Refunded without a refund is told once, with its whole total.
- \`event_time\` is when it happened in the store, in UTC: when the order was placed, shipped, last changed (canceled), refunded.

## What goes along

| Key | From the order | With |
|---|---|---|
| \`partner_conversion_id\` | \`id\` | every event |
| \`email\`, \`partner_user_id\` | \`billing_address.email\`, \`customer_id\` (a guest has none) | every event, where ticked |
| \`first_name\`, \`last_name\` | of the billing address, cut to 38 characters | created, where ticked |
| \`cart_value\`, \`currency\` | products before discounts and coupons, with tax where the store's prices hold it; or another of the order's sums, by a setting; in the currency that was paid in (\`default_currency_code\`) | created, where ticked |
| \`locale\` | \`customer_locale\` | created, where ticked |
| \`coupon_code\` | all of them, with commas | created, where ticked |
| \`labels\` | the program label of the settings | every event, where one is set |
| custom event data | fixed text or placeholders, below; wins over the above, but not over the id | created |
| \`refund_amount\`, \`currency\`, \`partner_refund_id\` | the refund | refunds |

What is not known is left out, and never sent empty.

## Placeholders in Custom Event Data

The same language as in Page Builder ([page-context.md](page-context.md)): \`{{order.products[0].category}}\`, \`Order {{order.id}}\`. **A value that does not exist drops its
key.** These are offered behind the "…" button; whatever else BigCommerce's Orders API (version 2) tells of an order, its products, coupons and shipping addresses is
found under its own name too. Sums are plain decimals in the order's currency, dates ISO 8601 in UTC.`;

const ORDERS_TAIL = `## How nothing is lost, and nothing told twice

1. **BigCommerce tells of an order** by a webhook, which is kept before it is answered. What the webhook says is not believed: the order is fetched, as often as it
   takes. Webhooks that repeat, overtake each other or come late change nothing.
2. **Every 15 minutes a sweep** asks BigCommerce which orders changed. What no webhook told of is found by it, and Activity shows how many. Webhooks that BigCommerce switched
   off are switched on again, and that is shown as well.
3. **What is new of an order becomes an event**, in the same transaction that notes that the order was looked at. The database takes each only once.
4. **Events are delivered** in their order for one order, and repeated until Extole has said that it has them: after 10 seconds, then twice as long each time up to two
   hours, for three days. After that, and where Extole refuses one for good (400, 402, 403), it waits in Activity with Extole's own words for a replay.
   Where Extole takes the access token no more, nothing is used up: deliveries of that storefront rest until there is a new one, with one try an hour.
5. **When an answer is lost**, Extole may have the event or not, so it is sent again, the same with the same \`partner_conversion_id\`. Extole keeps the first of an id and event, and records
   others as duplicates; that holds for the browser's conversion as well.

A replay sends what was sent before, under the same id. Payloads are kept for 30 days (\`PAYLOAD_DAYS\`), then only ids and states, and those can't be replayed.`;

/** The text of `docs/orders.md`. */
export function ordersMarkdown(): string {
  const events = ORDER_EVENTS.map((event) => {
    const { isEnabled, name, statusIds } = DEFAULT_SETTINGS.orderEvents[event];
    const statuses = statusIds.map((id) => ORDER_STATUSES[id]).join(', ');
    return `| ${event.replace('_', ' ')} | \`${name}\` | ${statuses} | ${isEnabled ? 'on' : 'off'} |`;
  });
  const paths = ORDER_DATA_PATHS.map(({ path, what, example }) => `| \`${path}\` | ${what} | ${example} |`);
  return [
    `${ORDERS_HEAD}\n\n| Event | Its name at Extole | Statuses that mean it | At first |\n|---|---|---|---|\n${events.join('\n')}\n`,
    `${ORDERS_RULES}\n`,
    `| Path | What it is | For instance |\n|---|---|---|\n${paths.join('\n')}\n`,
    `${ORDERS_TAIL}\n`,
  ].join('\n');
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
