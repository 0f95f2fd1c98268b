import { type Html, html } from '../html.js';

/** What a creative is made from. */
interface CreativeRequest {
  readonly zone: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The address of the page. */
  readonly page: string;
  /** The browser's `Accept-Language`; a `locale` in the event data wins. */
  readonly languages: string;
}

/**
 * Renders what a referral campaign shows in a zone.
 *
 * @returns HTML without scripts, everything of the request escaped; `undefined` for a zone that no campaign serves.
 */
export function renderCreative(request: CreativeRequest): string | undefined {
  const creative = CREATIVES.get(request.zone);
  if (!creative) return undefined;
  const texts = TEXTS[languageOf(request)];
  const link = shareLink(request);
  const dialog = (attributes = html``): Html => html`<dialog aria-label="${texts.offer}"${attributes}>
    <button class="referral-close" type="button" data-do="close" aria-label="${texts.close}">×</button>
    <p class="referral-art" aria-hidden="true">🎁</p>
    <p class="referral-title" tabindex="-1" autofocus>${texts.offer}</p>
    <p>${texts.how}</p>
    <label class="referral-label">${texts.link}
      <span class="referral-link"><input readonly value="${link}"><button type="button" data-do="copy" data-done="${texts.copied}">${texts.copy}</button></span>
    </label>
    <p><a href="mailto:?subject=${encodeURIComponent(texts.offer)}&amp;body=${encodeURIComponent(link)}">${texts.mail}</a></p>
  </dialog>`;
  const { first_name } = request.data;
  const name = typeof first_name === 'string' ? first_name.trim() : '';
  return creative({ texts, name, link, dialog }).text;
}

interface Parts {
  readonly texts: Texts;
  /** The shopper's first name; empty when it is not known. */
  readonly name: string;
  readonly link: string;
  readonly dialog: (attributes?: Html) => Html;
}

const CREATIVES: ReadonlyMap<string, (parts: Parts) => Html> = new Map([
  [
    'global_header',
    ({ texts, name, dialog }: Parts) => html`<div class="referral referral-bar">${STYLE}
      <p><span aria-hidden="true">🎁 </span>${name ? html`<b>${name}</b>, ${texts.offerInside}` : texts.offer}</p>
      <button type="button" data-do="open">${texts.start}</button>${dialog()}
    </div>`,
  ],
  [
    'global_footer',
    ({ texts, dialog }: Parts) => html`<div class="referral referral-footer">${STYLE}
      <button type="button" data-do="open">${texts.footer}</button>${dialog()}
    </div>`,
  ],
  [
    'product',
    ({ texts, name, link, dialog }: Parts) => html`<div class="referral referral-card">${STYLE}
      <p class="referral-art" aria-hidden="true">💌</p>
      <div><p class="referral-title">${name ? `${name}, ${texts.productInside}` : texts.product}</p>
      <p class="referral-address" title="${link}">${link.replace(/^https?:\/\//, '')}</p></div>
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
]);

// The event data may say what is shared; otherwise it is the store.
function shareLink({ data, page }: CreativeRequest): string {
  const { content, dynamic_product_url } = data;
  const said =
    typeof content === 'object' && content !== null && 'url' in content ? content.url : dynamic_product_url;
  const address = isWebAddress(said) ? said : isWebAddress(page) ? new URL('/', page) : undefined;
  if (!address) return '';
  const link = new URL(address);
  link.searchParams.set('referred_by', 'a-friend');
  return link.href;
}

function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value);
}

type Language = keyof typeof TEXTS;
type Texts = Record<keyof (typeof TEXTS)['en'], string>;

function languageOf({ data, languages }: CreativeRequest): Language {
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
  },
};

// Every creative brings the whole of it: each may be the only one on a page.
const STYLE = html`<style>
.referral, .referral.referral * { box-sizing: border-box; margin: 0; }
.referral { font: 15px/1.4 system-ui, sans-serif; color: #2b2206; }
.referral button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; white-space: nowrap; }
.referral :focus-visible { outline: 3px solid #1b5cff; outline-offset: 2px; }
.referral-bar { display: flex; align-items: center; justify-content: center; gap: 14px; height: 48px; padding: 0 12px; background: #ffd86b; }
.referral-bar p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
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
