import { afterLoad } from './after-load.js';
import { config } from './config.js';

/** What BigCommerce's banner tells. Source: BigCommerce, "Hosted analytics" (BODL), `consent.loaded` and `consent.updated`. */
type BannerChoice = Readonly<
  Partial<Record<'advertising' | 'analytics' | 'functional' | 'targeting', unknown>>
>;
type Subscribe = (listener: (choice: BannerChoice) => void) => void;

declare global {
  interface Window {
    /** BigCommerce's event layer; there only where the merchant switched it on, once the page has loaded. */
    bodlEvents?: { consent?: { loaded?: Subscribe; updated?: Subscribe } };
  }
}

let said: boolean | undefined;

/** Whether requests may be made and storage may be touched. */
export const hasConsent = (): boolean => said ?? config.consent !== 'required';

/** Takes the shopper's word, which holds until the next one; `undefined` takes it back. */
export function setConsent(isGranted: boolean | undefined): void {
  said = isGranted;
}

/**
 * Passes on what BigCommerce's banner tells, now and later, as long as consent is required.
 *
 * @param onChoice - Called with whether the category that counts is allowed.
 */
export function heedBanner(onChoice: (isGranted: boolean) => void): void {
  // A listener can't be taken back, so that it looks at what holds when it is called.
  const heed = (choice: BannerChoice): void => {
    const { consent, consentCategory = 'targeting' } = config;
    // What scripts call targeting, the banner calls advertising.
    if (consent === 'required') onChoice((choice[consentCategory] ?? choice.advertising) === true);
  };
  afterLoad(() => {
    const banner = window.bodlEvents?.consent;
    banner?.loaded?.(heed);
    banner?.updated?.(heed);
  });
}
