import type { CouponCodeRecord, PromotionRecord } from '../bigcommerce/promotions.js';
import { type Html, html, select } from '../html.js';
import { type PanelView, PROMOTIONS_PATH, panelPage } from './pages.js';

/** A promotion with its codes. */
interface ShownPromotion {
  readonly promotion: PromotionRecord;
  readonly codes: readonly CouponCodeRecord[];
}

const TYPES = {
  BULK: 'Coupon codes in bulk',
  SINGLE: 'A single coupon code',
  AUTOMATIC: 'Automatic, without a code',
};
const UNITS = { percent: '% of the cart', amount: 'USD off the cart' };
const STATUSES = { ENABLED: 'Enabled', DISABLED: 'Disabled', INVALID: 'Invalid' };

const SHOWN_CODES = 100;

/** All promotions, the newest first, with their codes, and a form for one more. */
export function promotionsPage(view: PanelView, shown: readonly ShownPromotion[], notice: string): string {
  return panelPage(
    view,
    'Promotions',
    html`<h1>Promotions</h1>
${notice && html`<p class="notice" role="status">${notice}</p>`}
<section class="card" aria-labelledby="create">
<h2 id="create">Create a promotion</h2>
<form class="fields" method="post" action="${PROMOTIONS_PATH}/create">
<label>Name <input class="long" name="name" required autocomplete="off"></label>
<label>Type ${select('type', Object.entries(TYPES), 'BULK')}</label>
<label>Code of a single coupon <input class="long" name="code" pattern="[A-Za-z0-9_\\-]{1,50}" autocomplete="off"></label>
<label>Discount <input name="amount" value="10" required inputmode="decimal"></label>
<label>Unit ${select('unit', Object.entries(UNITS), 'percent')}</label>
<label>Uses in all <input name="max_uses" inputmode="numeric" placeholder="any"></label>
<label>Last day, in UTC <input type="date" name="last_day"></label>
<button class="primary">Create</button>
</form>
<p class="help">An automatic one is only listed: the checkout of this store takes nothing off by itself.</p>
</section>
${
  shown.length === 0
    ? html`<section class="card"><p>There are none yet. Until there is one with coupons, the checkout takes any code, for 10 %.</p></section>`
    : html`<ul class="orders">${[...shown].reverse().map(promotionCard)}</ul>`
}`,
    'wide',
  );
}

function promotionCard({ promotion, codes }: ShownPromotion): Html {
  const { id, name, status, max_uses, current_uses, end_date } = promotion;
  const isEnabled = status === 'ENABLED';
  const uses = max_uses === null ? `${current_uses} uses` : `${current_uses} of ${max_uses} uses`;
  const facts = [
    TYPES[promotion.coupon_type ?? 'AUTOMATIC'],
    discountText(promotion),
    STATUSES[status],
    uses,
    ...(end_date === null ? [] : [`ends ${end_date.slice(0, 10)}`]),
  ];
  return html`<li class="card" aria-label="Promotion ${name}">
<div><h2>${name}</h2>
<p>Promotion ID <b>${`${id}`}</b></p>
<p>${facts.join(' · ')}</p></div>
<form class="row" method="post" action="${PROMOTIONS_PATH}/status"><input type="hidden" name="id" value="${`${id}`}"><button name="status" value="${isEnabled ? 'DISABLED' : 'ENABLED'}">${isEnabled ? 'Disable' : 'Enable'}<span class="unseen"> ${name}</span></button></form>
<form class="row" method="post" action="${PROMOTIONS_PATH}/delete"><input type="hidden" name="id" value="${`${id}`}"><button class="danger">Delete<span class="unseen"> ${name}</span></button></form>
${codes.length > 0 ? codeList(name, codes) : ''}
</li>`;
}

function codeList(name: string, codes: readonly CouponCodeRecord[]): Html {
  const rows = codes
    .slice(-SHOWN_CODES)
    .reverse()
    .map(
      ({ code, current_uses, max_uses, max_uses_per_customer }) =>
        html`<tr><td><code>${code}</code></td><td>${`${current_uses} of ${limit(max_uses)}`}</td><td>${limit(max_uses_per_customer)}</td></tr>`,
    );
  return html`<details><summary>${codes.length === 1 ? '1 code' : `${codes.length} codes`}<span class="unseen"> of ${name}</span></summary>
<table class="codes"><thead><tr><th>Code</th><th>Uses</th><th>By one customer</th></tr></thead><tbody>${rows}</tbody></table>
</details>`;
}

const limit = (uses: number): string => (uses === 0 ? 'any number' : `${uses}`);

function discountText({ rules }: PromotionRecord): string {
  const [first] = rules;
  if (!first) return 'nothing off';
  const { discount } = first.action.cart_value;
  return 'percentage_amount' in discount
    ? `${discount.percentage_amount} % off`
    : `${discount.fixed_amount} USD off`;
}
