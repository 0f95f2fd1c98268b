import { ORDER_STATUSES } from '../../../src/catalog/settings.js';
import { type OrderRecord, refundedAmount } from '../bigcommerce/orders.js';
import type { ExtoleMode } from '../extole-api/extole-api.js';
import { type Html, html, select } from '../html.js';
import { ORDERS_PATH, type PanelView, panelPage } from './pages.js';

/** How BigCommerce's webhooks behave, by what the page calls it. */
export const WEBHOOK_CHOICES = {
  on: 'are sent',
  unsigned: 'are sent, without a signature',
  silent: 'are silent',
};
export type WebhookChoice = keyof typeof WEBHOOK_CHOICES;

/** How Extole's API behaves, as far as the page lets one choose. */
export const EXTOLE_CHOICES = {
  normal: 'answers',
  error: 'is down',
  busy: 'is busy',
  'token-refused': 'refuses the token',
} satisfies Partial<Record<ExtoleMode, string>>;
export type ExtoleChoice = keyof typeof EXTOLE_CHOICES;

const SHOWN_ORDERS = 50;

/** All orders, the newest first, with what can become of them, and of webhooks and Extole. */
export function ordersPage(
  view: PanelView,
  shown: {
    readonly orders: readonly OrderRecord[];
    /** What the store calls the statuses that it renamed. */
    readonly labels: ReadonlyMap<number, string>;
    readonly webhooks: WebhookChoice;
    readonly extole: string;
    readonly notice: string;
  },
): string {
  const statuses = Object.entries(ORDER_STATUSES).map(
    ([id, name]) => [id, shown.labels.get(Number(id)) ?? name] as const,
  );
  const newest = shown.orders.slice(-SHOWN_ORDERS).reverse();
  return panelPage(
    view,
    'Orders',
    html`<h1>Orders</h1>
${shown.notice && html`<p class="notice" role="status">${shown.notice}</p>`}
<section class="card" aria-labelledby="surroundings">
<h2 id="surroundings">What happens around them</h2>
${switchForm('webhooks', 'Webhooks', Object.entries(WEBHOOK_CHOICES), shown.webhooks)}
${switchForm('extole', "Extole's API", Object.entries(EXTOLE_CHOICES), shown.extole)}
<form class="row" method="post" action="${ORDERS_PATH}/nudge">
<button>Send a webhook that names no order</button>
<span class="help">The app then asks for all that changed lately, as it does by itself every 15 minutes. What changed in the last seconds waits for the next time.</span>
</form>
</section>
${
  newest.length === 0
    ? html`<section class="card"><p>There are none yet. <a href="${view.storefrontUrl}/">Buy something</a>.</p></section>`
    : html`<ul class="orders">${newest.map((order) => orderCard(order, statuses))}</ul>`
}`,
    'wide',
  );
}

function switchForm(
  name: string,
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  chosen: string,
): Html {
  return html`<form class="row" method="post" action="${ORDERS_PATH}/${name}">
<label>${label} ${select('choice', choices, chosen)}</label>
<button>Switch<span class="unseen"> ${label}</span></button>
</form>`;
}

function orderCard(order: OrderRecord, statuses: readonly (readonly [string, string])[]): Html {
  const { fields } = order;
  const { id, billing_address: buyer, default_currency_code: currency } = fields;
  const refunded = refundedAmount(order);
  const left = Number(fields.total_inc_tax) - refunded;
  const amount = (value: number): string => `${value.toFixed(2)} ${currency}`;
  const form = (action: string, content: Html): Html =>
    html`<form class="row" method="post" action="${ORDERS_PATH}/${action}"><input type="hidden" name="id" value="${`${id}`}">${content}</form>`;
  return html`<li class="card" aria-label="Order ${`${id}`}">
<div><h2>${`${id}`}</h2>
<p>${[`${buyer.first_name} ${buyer.last_name}`.trim(), buyer.email].join(', ')}</p>
<p>${amount(Number(fields.total_inc_tax))}${refunded > 0 ? html`, of which ${amount(refunded)} was given back` : ''}${fields.is_deleted ? ' · archived' : ''}</p></div>
${form('status', html`<label>Status ${select('status_id', statuses, `${fields.status_id}`)}</label><button>Change</button>`)}
${
  left > 0.005
    ? form(
        'refund',
        html`<label>Amount <input name="amount" inputmode="decimal" value="${left.toFixed(2)}"></label><button>Refund</button>`,
      )
    : ''
}
${fields.is_deleted ? '' : form('archive', html`<button class="danger">Archive</button>`)}
</li>`;
}
