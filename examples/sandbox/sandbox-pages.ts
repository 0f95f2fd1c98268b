import { GUEST_KEY, signInUrl, switchUrl } from './addresses.js';
import type { View } from './stencil-context.js';
import { CURRENCIES, fullName, LANGUAGES, PRODUCTS, SHOPPERS } from './store-data.js';
import type { PlacedWidget } from './widgets.js';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const;

/** What the bar on top of every page shows: who is signed in, in which language and currency, and how to change it. */
export function sandboxContext(view: View, liveUrl: string) {
  const shoppers = SHOPPERS.map((shopper) => ({ key: shopper.key, name: fullName(shopper) }));
  const signedIn = view.shopper?.key ?? GUEST_KEY;
  return {
    start_url: `${view.origin}/sandbox`,
    live_url: liveUrl,
    switches: [
      choiceOf(
        'Shopper',
        [{ key: GUEST_KEY, name: 'Guest' }, ...shoppers].map(({ key, name }) => ({
          name,
          url: signInUrl(view, key),
          is_active: key === signedIn,
        })),
      ),
      choiceOf(
        'Language',
        LANGUAGES.map((code) => ({
          name: LANGUAGE_NAMES[code],
          url: switchUrl(view, 'language', code),
          is_active: code === view.language,
        })),
      ),
      choiceOf(
        'Currency',
        Object.keys(CURRENCIES).map((code) => ({
          name: code,
          url: switchUrl(view, 'currency', code),
          is_active: code === view.currency,
        })),
      ),
    ],
    // Signing in leads to the account, as on a real storefront.
    sign_ins: shoppers.map(({ key, name }) => ({
      name,
      url: signInUrl({ origin: view.origin, back: '/account.php' }, key),
    })),
  };
}

function choiceOf(label: string, choices: readonly { name: string; url: string; is_active: boolean }[]) {
  return { label, choices, current: choices.find(({ is_active }) => is_active)?.name };
}

/** What the start page shows: what to try, which address does what, and what the merchant placed. */
export function startPageContext(origin: string, liveUrl: string, widgets: readonly PlacedWidget[]) {
  const hostile = PRODUCTS.find(({ title }) => title.includes('</script>'));
  const product = `${origin}${PRODUCTS[0]?.path ?? '/'}`;
  const signIn = (key: string, back: string): string => signInUrl({ origin, back }, key);
  return {
    steps: [
      {
        title: 'Watch what Extole receives',
        text: 'Leave it open beside the store: each zone request comes in live.',
        url: liveUrl,
        is_live: true,
      },
      {
        title: 'Open the store as a guest',
        text: 'A bar below the menu, a link in the footer and a floating button come from Extole.',
        url: signIn(GUEST_KEY, '/'),
      },
      {
        title: 'Look at a product',
        text: 'Its card sends the event data that the merchant typed; {{product.url}} arrives as the real address.',
        url: product,
      },
      {
        title: 'Sign in as Mary Ann Evans',
        text: 'Name, e-mail and customer id go with each zone now, and the bar greets her.',
        url: signIn('mary', '/'),
      },
      {
        title: "Sign in as Zoë 🦊 O'Neil</script><b>",
        text: 'A name that breaks careless pages. It arrives at Extole letter by letter.',
        url: signIn('zoe', hostile?.path ?? '/'),
      },
      {
        title: 'Buy something',
        text: 'Put a mug into the cart and place the order: the confirmation page opens a pop-up.',
        url: `${origin}/cart.php?action=add&product_id=${PRODUCTS[0]?.id ?? 0}`,
      },
      {
        title: 'Read the store in German',
        text: 'The locale that the shopper sees goes with each zone, and the creatives follow.',
        url: switchUrl({ origin, back: '/' }, 'language', 'de'),
      },
      {
        title: 'Take Extole away',
        text: 'Choose “answers 500” on the live page and load the store again: the fallback texts stay, the store works.',
        url: liveUrl,
        is_live: true,
      },
      {
        title: 'Tighten the security policy',
        text: 'The same page under the strictest Content-Security-Policy that Extole allows, with a nonce.',
        url: `${product}?csp=strict`,
      },
    ],
    addresses: [
      { url: `${origin}/`, text: 'The storefront, with its GraphQL endpoint at /graphql' },
      { url: `${origin}/sdk/extole-storefront.js`, text: 'The storefront SDK, as it was built' },
      { url: `${liveUrl}/`, text: 'The program domain: every zone request that it got' },
      { url: `${liveUrl}/core.js`, text: "The core tag, a stand-in for Extole's" },
    ],
    widgets: widgets.map(({ region, template, configuration }) => ({
      // `region` is a helper in BigCommerce's Handlebars.
      place: template ? `${region} (${template})` : region,
      settings: Object.entries(configuration)
        .map(([id, value]) => `${id}: ${value}`)
        .join('\n'),
    })),
  };
}
