import { type Html, html } from '../html.js';

/** Where a friend lands: the core tag asks for it by itself on a page that an advocate's link led to. */
export const LANDING_ZONE = 'friend_landing';

/** What a creative is made from. */
interface CreativeRequest {
  readonly zone: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The browser's `Accept-Language`; a `locale` in the event data wins. */
  readonly languages: string;
  readonly participant: Participant;
}

/** Who sees it. */
export interface Participant {
  /** Their own link to what they share; `undefined` until Extole knows their e-mail address. */
  readonly link: string | undefined;
  /** What they earned and have not used. A code that is still to come is `null`. */
  readonly rewards: readonly { readonly role: 'advocate' | 'friend'; readonly code: string | null }[];
  /** Whether a friend brought them, and they have not taken up the offer for friends. */
  readonly isOfferedWelcome: boolean;
}

/**
 * Renders what a referral campaign shows in a zone.
 *
 * @returns HTML without scripts, everything of the request escaped; `undefined` for a zone that no campaign serves, or serves for others.
 */
export function renderCreative(request: CreativeRequest): string | undefined {
  const { zone, participant } = request;
  const creative = CREATIVES.get(zone);
  if (!creative) return undefined;
  const texts = TEXTS[languageOf(request)];
  const { first_name } = request.data;
  const name = typeof first_name === 'string' ? first_name.trim() : '';
  const dialog: Parts['dialog'] = (attributes) => shareDialog(texts, participant, attributes);
  return creative({ texts, name, participant, dialog })?.text;
}

function shareDialog(texts: Texts, { link, rewards }: Participant, attributes = html``): Html {
  return html`<dialog aria-label="${texts.offer}"${attributes}>
    ${dialogHead(texts, texts.offer)}
    <p>${texts.how}</p>
    ${
      link === undefined
        ? emailForm(texts, texts.getLink)
        : html`<label class="referral-label">${texts.link}
      <span class="referral-link"><input readonly value="${link}"><button type="button" data-do="copy" data-done="${texts.copied}">${texts.copy}</button></span>
    </label>
    <p><a href="mailto:?subject=${encodeURIComponent(texts.offer)}&amp;body=${encodeURIComponent(link)}">${texts.mail}</a></p>`
    }
    ${rewards.length > 0 ? codeList(texts, rewards) : ''}
  </dialog>`;
}

const dialogHead = (
  texts: Texts,
  title: string,
): Html => html`<button class="referral-close" type="button" data-do="close" aria-label="${texts.close}">×</button>
    <p class="referral-art" aria-hidden="true">🎁</p>
    <p class="referral-title" tabindex="-1" autofocus>${title}</p>`;

/** What is entered comes with the event data when the core tag asks for the same zone again. */
const emailForm = (
  texts: Texts,
  action: string,
): Html => html`<form data-do="tell"><label class="referral-label">${texts.email}
      <span class="referral-link"><input name="email" type="email" required autocomplete="email"><button>${action}</button></span>
    </label></form>`;

const codeList = (
  texts: Texts,
  rewards: Participant['rewards'],
): Html => html`<p class="referral-label">${texts.codes}</p>
    <ul class="referral-codes">${rewards.map(({ code }) => html`<li>${code === null ? texts.soon : html`<code>${code}</code>`}</li>`)}</ul>`;

interface Parts {
  readonly texts: Texts;
  /** The shopper's first name; empty when it is not known. */
  readonly name: string;
  readonly participant: Participant;
  /** What a button opens. */
  readonly dialog: (attributes?: Html) => Html;
}

const CREATIVES: ReadonlyMap<string, (parts: Parts) => Html | undefined> = new Map([
  [
    'global_header',
    ({ texts, name, participant, dialog }: Parts) => {
      const code = participant.rewards.find((reward) => reward.code !== null)?.code;
      const said = code ? html`${texts.codeInside} <code>${code}</code>` : texts.offerInside;
      const alone = code ? html`${texts.code} <code>${code}</code>` : texts.offer;
      return html`<div class="referral referral-bar">${STYLE}
      <p><span aria-hidden="true">🎁 </span>${name ? html`<b>${name}</b>, ${said}` : alone}</p>
      <button type="button" data-do="open">${texts.start}</button>${dialog()}
    </div>`;
    },
  ],
  [
    'global_footer',
    ({ texts, dialog }: Parts) => html`<div class="referral referral-footer">${STYLE}
      <button type="button" data-do="open">${texts.footer}</button>${dialog()}
    </div>`,
  ],
  [
    'product',
    ({
      texts,
      name,
      participant: { link },
      dialog,
    }: Parts) => html`<div class="referral referral-card">${STYLE}
      <p class="referral-art" aria-hidden="true">💌</p>
      <div><p class="referral-title">${name ? `${name}, ${texts.productInside}` : texts.product}</p>
      <p class="referral-address">${link?.replace(/^https?:\/\//, '') ?? texts.offer}</p></div>
      <button type="button" data-do="open">${texts.share}</button>${dialog()}
    </div>`,
  ],
  [
    'overlay',
    ({ texts, dialog }: Parts) => html`<div class="referral referral-overlay">${STYLE}
      <button type="button" data-do="open"><span aria-hidden="true">🎁 </span>${texts.overlay}</button>${dialog()}
    </div>`,
  ],
  [
    'confirmation',
    ({ dialog }: Parts) => html`<div class="referral">${STYLE}${dialog(html` data-open-at-once`)}</div>`,
  ],
  [
    LANDING_ZONE,
    ({ texts, participant }: Parts) => {
      const earned = participant.rewards.filter(({ role }) => role === 'friend');
      if (!participant.isOfferedWelcome && earned.length === 0) return undefined;
      const isComing = earned.some(({ code }) => code === null);
      return html`<div class="referral">${STYLE}<dialog aria-label="${texts.welcome}" data-open-at-once>
    ${dialogHead(texts, texts.welcome)}
    ${
      participant.isOfferedWelcome
        ? html`<p>${texts.welcomeHow}</p>${emailForm(texts, texts.getCode)}`
        : html`${codeList(texts, earned)}<p>${
            isComing ? html`<button type="button" data-do="again">${texts.again}</button>` : texts.useCode
          }</p>`
    }
  </dialog></div>`;
    },
  ],
]);

/**
 * What a shopper shares: what the event data says, else the store.
 *
 * @param page - The address of the page.
 * @returns A web address; `undefined` where neither is one.
 */
export function sharedAddress(data: Readonly<Record<string, unknown>>, page: string): string | undefined {
  const { content, dynamic_product_url } = data;
  const said =
    typeof content === 'object' && content !== null && 'url' in content ? content.url : dynamic_product_url;
  if (isWebAddress(said)) return new URL(said).href;
  return isWebAddress(page) ? new URL('/', page).href : undefined;
}

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value);
}

type Language = keyof typeof TEXTS;
type Texts = Record<keyof (typeof TEXTS)['en'], string>;

function languageOf({ data, languages }: Pick<CreativeRequest, 'data' | 'languages'>): Language {
  const wanted = typeof data.locale === 'string' ? data.locale : languages;
  const known = /^(de|fr)\b/.exec(wanted.toLowerCase().replace('_', '-'))?.[1];
  return known === 'de' || known === 'fr' ? known : 'en';
}

const TEXTS = {
  en: {
    offer: 'Give $20, get $20',
    offerInside: 'give $20, get $20',
    how: 'Send your link to a friend. They get $20 off their first order, and you get $20 when they buy.',
    start: 'Refer a friend',
    footer: 'Refer a friend, get $20',
    product: 'Know a friend who would love this?',
    productInside: 'know a friend who would love this?',
    share: 'Share, get $20',
    overlay: 'Get $20',
    link: 'Your link',
    copy: 'Copy',
    copied: 'Copied',
    mail: 'Send it by e-mail',
    close: 'Close',
    email: 'Your e-mail address',
    getLink: 'Get my link',
    code: 'Your $20:',
    codeInside: 'your $20:',
    codes: 'Your codes',
    soon: 'A code is on its way.',
    welcome: 'A friend gives you $20',
    welcomeHow: 'Take $20 off your first order. Where shall the code go?',
    getCode: 'Get my code',
    useCode: 'Enter the code in the cart.',
    again: 'Look again',
  },
  de: {
    offer: '20 $ schenken, 20 $ bekommen',
    offerInside: '20 $ schenken, 20 $ bekommen',
    how: 'Schicken Sie Ihren Link an Freunde. Sie sparen 20 $ bei der ersten Bestellung, und Sie bekommen 20 $ dafür.',
    start: 'Einladen',
    footer: 'Freunde werben, 20 $ bekommen',
    product: 'Wem würde das gefallen?',
    productInside: 'wem würde das gefallen?',
    share: 'Teilen für 20 $',
    overlay: '20 $ sichern',
    link: 'Ihr Link',
    copy: 'Kopieren',
    copied: 'Kopiert',
    mail: 'Per E-Mail senden',
    close: 'Schließen',
    email: 'Ihre E-Mail-Adresse',
    getLink: 'Mein Link',
    code: 'Ihre 20 $:',
    codeInside: 'Ihre 20 $:',
    codes: 'Ihre Codes',
    soon: 'Ein Code ist unterwegs.',
    welcome: '20 $ von einem Freund',
    welcomeHow: 'Sparen Sie 20 $ bei der ersten Bestellung. Wohin darf der Code?',
    getCode: 'Mein Code',
    useCode: 'Den Code geben Sie im Warenkorb ein.',
    again: 'Noch einmal nachsehen',
  },
  fr: {
    offer: 'Offrez 20 $, recevez 20 $',
    offerInside: 'offrez 20 $, recevez 20 $',
    how: 'Envoyez votre lien : 20 $ de remise sur la première commande de vos amis, et 20 $ pour vous.',
    start: 'Parrainer',
    footer: 'Parrainez un ami, recevez 20 $',
    product: 'À qui cela plairait-il ?',
    productInside: 'à qui cela plairait-il ?',
    share: 'Partager : 20 $',
    overlay: 'Recevez 20 $',
    link: 'Votre lien',
    copy: 'Copier',
    copied: 'Copié',
    mail: 'Envoyer par e-mail',
    close: 'Fermer',
    email: 'Votre adresse e-mail',
    getLink: 'Mon lien',
    code: 'Vos 20 $ :',
    codeInside: 'vos 20 $ :',
    codes: 'Vos codes',
    soon: 'Un code arrive.',
    welcome: 'Un ami vous offre 20 $',
    welcomeHow: '20 $ de remise sur votre première commande. Où envoyer le code ?',
    getCode: 'Mon code',
    useCode: 'Saisissez le code dans le panier.',
    again: 'Regarder à nouveau',
  },
};

// Every creative brings the whole of it: each may be the only one on a page.
const STYLE = html`<style>
.referral, .referral.referral * { box-sizing: border-box; margin: 0; }
.referral { font: 15px/1.4 system-ui, sans-serif; color: #2b2206; }
.referral button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; white-space: nowrap; }
.referral :focus-visible { outline: 3px solid #1b5cff; outline-offset: 2px; }
.referral-bar { display: flex; align-items: center; justify-content: center; gap: 14px; height: 48px; padding: 0 12px; background: #ffd86b; }
.referral-bar > p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.referral-bar > button { padding: 4px 14px; color: #fff; background: #2b2206; border-radius: 99px; font-size: 13px; }
.referral-footer { text-align: center; line-height: 24px; height: 24px; }
.referral-footer > button { color: inherit; text-decoration: underline; text-underline-offset: 3px; }
.referral-footer { color: #ffd86b; }
.referral-card { display: flex; align-items: center; gap: 12px; height: 80px; padding: 0 16px; background: #fff4d1; border: 1px solid #f0cf72; border-radius: 12px; }
.referral-card > div { flex: 1; min-width: 0; }
.referral-card > .referral-art { font-size: 26px; }
.referral-card .referral-title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font: 600 15px/1.25 system-ui, sans-serif; overflow-wrap: anywhere; }
.referral-address { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; color: #6b5a22; }
.referral-card > button { padding: 8px 14px; color: #fff; background: #2b2206; border-radius: 8px; font-size: 13px; }
.referral-overlay { position: fixed; right: 16px; bottom: 16px; z-index: 100; }
.referral-overlay > button { padding: 12px 20px; background: #ffd86b; border-radius: 99px; box-shadow: 0 4px 18px rgb(0 0 0 / .25); }
.referral.referral dialog { width: min(430px, calc(100vw - 32px)); max-height: none; margin: auto; padding: 28px; border: 0; border-radius: 18px; color: #2b2206; background: #fff; text-align: center; line-height: 1.5; white-space: normal; box-shadow: 0 20px 60px rgb(0 0 0 / .35); }
.referral-title:focus { outline: 0; }
.referral dialog::backdrop { background: rgb(20 18 10 / .55); }
.referral.referral dialog p + p { margin-top: 8px; }
.referral dialog .referral-art { font-size: 44px; line-height: 1.2; }
.referral dialog .referral-title { font: 700 24px/1.25 system-ui, sans-serif; }
.referral dialog a { color: #6a4a00; }
.referral .referral-close { position: absolute; top: 10px; right: 12px; width: 36px; height: 36px; font-size: 24px; font-weight: 400; line-height: 1; border-radius: 50%; }
.referral.referral .referral-label { display: block; margin: 18px 0; text-align: start; font-size: 13px; font-weight: 600; }
.referral.referral .referral-link { display: flex; gap: 8px; margin-top: 4px; }
.referral-link input { flex: 1; min-width: 0; padding: 10px 12px; font: 13px/1.4 ui-monospace, monospace; color: inherit; background: #faf6e9; border: 1px solid #d9cfae; border-radius: 8px; }
.referral.referral .referral-codes { margin: 8px 0; padding: 0; list-style: none; }
.referral code { font: 600 15px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
.referral dialog button[data-do="again"] { text-decoration: underline; text-underline-offset: 3px; }
.referral .referral-link button { padding: 0 16px; color: #fff; background: #2b2206; border-radius: 8px; font-size: 14px; }
@media (max-width: 480px) {
  .referral-bar, .referral-card { gap: 10px; }
  .referral-bar [aria-hidden] { display: none; }
  .referral-card > .referral-art { display: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .referral dialog[open] { animation: referral-in .18s ease-out; }
  .referral-overlay > button { transition: transform .15s; }
  .referral-overlay > button:hover { transform: translateY(-2px); }
  @keyframes referral-in { from { opacity: 0; transform: translateY(10px); } }
}
</style>`;
