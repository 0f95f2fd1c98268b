import { VERSION } from '../../catalog/version.js';
import type { FoundScript } from '../../store/plan.js';
import { CATALYST_ADVICE } from '../../store/publish.js';
import type { Finding } from '../finding.js';
import type { Evidence } from './evidence.js';
import { type InstalledStore, scriptsOn } from './installed-store.js';
import { scriptsShownAt } from './script-pages.js';

const PUBLISH = 'Run "extole-bigcommerce publish".';

/** Does the page have what the store has, and the store what this version puts there? */
export function checkStore({ store, installation, page }: Evidence): Finding[] {
  if (!store) return [];
  if ('failure' in store) {
    return [
      {
        code: 'STORE_UNREADABLE',
        severity: 'error',
        what: `The store could not be asked: ${store.failure}`,
        todo: 'Mend that and look again, or leave the credentials out to have the page alone looked at.',
      },
    ];
  }
  if (!store.channel) {
    return [
      {
        code: 'STORE_HAS_NO_SUCH_PAGE',
        severity: 'error',
        what: `The store has no storefront at ${new URL(page.url).host}.`,
        todo: 'Check that address and credentials are of the same store.',
      },
    ];
  }
  if (store.isCatalyst) {
    return [
      {
        code: 'STORE_IS_CATALYST',
        severity: 'info',
        what: `The page is of a Catalyst storefront. ${CATALYST_ADVICE}`,
      },
    ];
  }
  const findings = [
    ...checkScripts(store, page.url, installation.sdkTags.length > 0),
    ...checkTemplate(store),
    ...checkCheckout(store),
  ];
  if (findings.length > 0) return findings;
  const { id, name } = store.channel;
  return [
    {
      code: 'STORE_COMPARED',
      severity: 'info',
      what: `Compared with the store, channel ${id}${name ? ` (${name})` : ''}: its scripts and its widget are those of ${VERSION}.`,
    },
  ];
}

function checkScripts(store: InstalledStore, pageUrl: string, isOnPage: boolean): Finding[] {
  const scripts = scriptsOn(pageUrl, store) ?? [];
  if (scripts.length === 0) return [missing(isOnPage)];
  const off = scripts.filter(({ script }) => script.enabled === false);
  return [
    ...off.map(
      ({ script: { name } }): Finding => ({
        code: 'STORE_SCRIPT_OFF',
        severity: 'error',
        what: `The script "${name}" is switched off in Script Manager.`,
        todo: `Switch it on there, or run "extole-bigcommerce publish".`,
      }),
    ),
    ...(off.length === 0 && !isOnPage && scriptsShownAt(pageUrl) ? [notShown(store, scripts)] : []),
    ...twice(scripts),
    ...scripts.flatMap(({ script }): Finding[] => {
      const version = sdkVersionOf(script);
      if (version === undefined || version === VERSION) return [];
      return [
        {
          code: 'STORE_SCRIPT_OLD',
          severity: 'warning',
          what: `The script "${script.name}" loads the SDK ${version}; this is ${VERSION}.`,
          todo: PUBLISH,
        },
      ];
    }),
  ];
}

/** The version in the SDK's address. */
function sdkVersionOf({ html, src }: FoundScript['script']): string | undefined {
  return /\/(\d+\.\d+\.\d+[\w.-]*)\/extole-storefront\.js/.exec(`${html ?? ''} ${src ?? ''}`)?.[1];
}

function missing(isOnPage: boolean): Finding {
  return isOnPage
    ? {
        code: 'STORE_SCRIPT_NOT_OURS',
        severity: 'info',
        what: 'The SDK on the page does not come from a script that these credentials have made, but from the theme, a tag manager or another app.',
      }
    : {
        code: 'STORE_SCRIPT_MISSING',
        severity: 'error',
        what: 'The store has no script for this page that these credentials have made.',
        why: 'A merchant may have deleted it in Script Manager; an API account sees its own scripts only.',
        todo: PUBLISH,
      };
}

function notShown({ features }: InstalledStore, scripts: readonly FoundScript[]): Finding {
  const category = scripts[0]?.script.consent_category ?? 'unknown';
  const isHeldBack = features.shopper_consent_tracking_enabled && category !== 'essential';
  return isHeldBack
    ? {
        code: 'STORE_SCRIPT_WAITS_FOR_CONSENT',
        severity: 'info',
        what: `The store has the script, in the consent category "${category}", and BigCommerce's banner is on: it shows once the shopper agrees.`,
      }
    : {
        code: 'STORE_SCRIPT_NOT_SHOWN',
        severity: 'error',
        what: 'The store has the script, and the page does not show it.',
        why: 'BigCommerce prints scripts where the theme says {{{head.scripts}}} and {{{footer.scripts}}}, about 20 seconds after they were made.',
        todo: 'Add both to the layouts of the theme.',
      };
}

function twice(scripts: readonly FoundScript[]): Finding[] {
  const parts = scripts.map(({ part }) => part);
  return parts.some((part, index) => parts.indexOf(part) !== index)
    ? [
        {
          code: 'STORE_SCRIPT_TWICE',
          severity: 'warning',
          what: 'The store has one of our scripts twice.',
          todo: PUBLISH,
        },
      ]
    : [];
}

function checkTemplate({ template }: InstalledStore): Finding[] {
  if (!template) {
    return [
      {
        code: 'WIDGET_TEMPLATE_MISSING',
        severity: 'warning',
        what: 'Page Builder has no widget "Extole CTA Tag" of ours.',
        todo: PUBLISH,
      },
    ];
  }
  const { isCurrent, outdatedWidgets } = template;
  return [
    ...(isCurrent
      ? []
      : [
          {
            code: 'WIDGET_TEMPLATE_OLD',
            severity: 'warning',
            what: `The widget "Extole CTA Tag" in Page Builder is not the one of ${VERSION}: it is another version's, or was edited.`,
            todo: PUBLISH,
          } as const,
        ]),
    ...(outdatedWidgets === 0
      ? []
      : [
          {
            code: 'WIDGETS_OLD',
            severity: 'info',
            what: `Placed widgets that keep an older version of the widget: ${outdatedWidgets}.`,
            todo: '"extole-bigcommerce publish --upgrade-widgets" moves them to the newest.',
          } as const,
        ]),
  ];
}

function checkCheckout({ features, scripts }: InstalledStore): Finding[] {
  const hasConfirmation = scripts.some(({ part }) => part.startsWith('order-confirmation'));
  if (!hasConfirmation || !features.checkout_type || features.checkout_type === 'optimized') return [];
  return [
    {
      code: 'CHECKOUT_SHOWS_NO_SCRIPTS',
      severity: 'warning',
      what: `The checkout is "${features.checkout_type}", and its order confirmation page shows no scripts.`,
      todo: 'Switch the store to Optimized One-Page Checkout.',
    },
  ];
}
