import { WEBHOOK_PROOFS } from '../../../src/catalog/rewards.js';
import type { EarnedReward, ExtoleAccount } from '../extole-api/extole-api.js';
import { WEBHOOK_SHAPES } from '../extole-api/reward-webhook.js';
import { canBecome, type RewardSupplier } from '../extole-api/rewards.js';
import { type Html, html, select } from '../html.js';

/** How webhooks go wrong, by what the page calls it, and when their copies are sent. */
export const SENDING_CHOICES = {
  once: { text: 'are sent', copiesMs: [0] },
  twice: { text: 'are sent twice', copiesMs: [0, 0] },
  never: { text: 'are lost', copiesMs: [] },
} as const;
export type SendingChoice = keyof typeof SENDING_CHOICES;

const PROOF_TEXTS = {
  'hmac-sha256': 'HMAC-SHA256',
  'hmac-sha256-prefixed': 'HMAC-SHA256, behind sha256=',
  'hmac-sha1-prefixed': 'HMAC-SHA1, behind sha1=',
  bearer: 'Bearer',
  basic: 'Basic',
} as const;
const SHAPE_TEXTS = { flat: 'all in one', nested: 'the id, and the data of the event' } as const;

const SHOWN_REWARDS = 50;

/** The account's suppliers, its webhook and its rewards, the newest first. */
export function operatorPage(account: ExtoleAccount, sending: SendingChoice, notice: string): string {
  const { rewards } = account;
  const newest = rewards.all().slice(-SHOWN_REWARDS).reverse();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rewards · Extole</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/live.css">
<link rel="stylesheet" href="/operator.css">
</head>
<body>
<header><div>
<h1>Rewards</h1>
<p>What a merchant sets up in Extole, and what becomes of rewards. <a href="/">What Extole received</a></p>
</div></header>
<main>
${notice && html`<p class="notice" role="status">${notice}</p>`}
<section aria-labelledby="suppliers">
<h2 id="suppliers">Reward suppliers</h2>
<p>Enter the ID of a promotion of the store: codes for the reward are made under it.</p>
${rewards.suppliers().map(supplierForm)}
</section>
<section aria-labelledby="webhook">
<h2 id="webhook">Reward webhook</h2>
<p>The app's Rewards page shows its address. The client key is yours to choose; enter the same one there.</p>
${webhookForm(account, sending)}
</section>
<section aria-labelledby="earn">
<h2 id="earn">Give a reward</h2>
<form class="fields" method="post" action="/operator/earn">
<label>Of ${select(
    'supplier',
    rewards.suppliers().map(({ id, name }) => [id, name]),
    '',
  )}</label>
<label>To <input name="email" type="email" placeholder="nobody known"></label>
<button>Give</button>
</form>
</section>
<section aria-labelledby="rewards">
<h2 id="rewards">Rewards</h2>
${
  newest.length === 0
    ? html`<p>There are none yet: somebody has to buy who came by a shopper's link.</p>`
    : html`<ol>${newest.map((reward) => rewardCard(reward, rewards.supplierOf(reward)))}</ol>`
}
</section>
</main>
</body>
</html>`.text;
}

const supplierForm = ({
  id,
  name,
  partnerSupplierId,
}: RewardSupplier): Html => html`<form class="fields" method="post" action="/operator/supplier" aria-label="${name}">
<p><b>${name}</b><br>Reward supplier ID <code>${id}</code></p>
<input type="hidden" name="id" value="${id}">
<label>Partner reward supplier ID <input name="partner_id" inputmode="numeric" value="${partnerSupplierId ?? ''}"></label>
<button>Save<span class="unseen"> ${name}</span></button>
</form>`;

function webhookForm({ webhook }: ExtoleAccount, sending: SendingChoice): Html {
  const { settings } = webhook;
  const { acknowledged, failed, dropped } = webhook.counts();
  return html`<form class="fields" method="post" action="/operator/webhook">
<label class="long">Address <input name="url" type="url" value="${settings?.url ?? ''}"></label>
<label class="long">Client key <input name="key" autocomplete="off" value="${settings?.key ?? ''}"></label>
<label>Proof ${select(
    'proof',
    WEBHOOK_PROOFS.map((proof) => [proof, PROOF_TEXTS[proof]]),
    settings?.proof ?? 'hmac-sha256',
  )}</label>
<label>Body ${select(
    'shape',
    WEBHOOK_SHAPES.map((shape) => [shape, SHAPE_TEXTS[shape]]),
    settings?.shape ?? 'flat',
  )}</label>
<label>Webhooks ${select(
    'sending',
    Object.entries(SENDING_CHOICES).map(([choice, { text }]) => [choice, text]),
    sending,
  )}</label>
<button>Save<span class="unseen"> the webhook</span></button>
</form>
<p>${`${acknowledged}`} acknowledged, ${`${failed}`} failed, ${`${dropped}`} lost.</p>`;
}

function rewardCard(reward: EarnedReward, supplier: RewardSupplier): Html {
  const { id, state, email, partnerRewardId, history } = reward;
  const message = history.at(-1)?.message;
  const action = (name: 'cancel' | 'revoke', text: string): Html =>
    html`<form method="post" action="/operator/${name}"><input type="hidden" name="id" value="${id}"><button>${text}<span class="unseen"> ${id}</span></button></form>`;
  return html`<li><article aria-label="Reward ${id}">
<h3>${supplier.name} <span class="state" data-state="${state}">${state}</span></h3>
<p>${email ?? 'Nobody known'}${partnerRewardId === null ? '' : html` · <code>${partnerRewardId}</code>`}</p>
<p class="origin"><time>${reward.createdAt.toISOString()}</time> · <code>${id}</code>${message ? html` · ${message}` : ''}</p>
${canBecome(reward, 'CANCELED') ? action('cancel', 'Cancel') : ''}${canBecome(reward, 'REVOKED') ? action('revoke', 'Revoke') : ''}
</article></li>`;
}
