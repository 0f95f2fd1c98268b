/** Where a choice leads back to: a path of the storefront. */
interface Return {
  readonly origin: string;
  readonly back: string;
}

/** Who signs in when nobody is to be signed in. */
export const GUEST_KEY = 'guest';

/** The address that signs a sample shopper in, or `guest` out, and leads back. */
export function signInUrl({ origin, back }: Return, key: string): string {
  return `${origin}/sandbox/sign-in?${new URLSearchParams({ as: key, back })}`;
}

/** What the bar on top of the pages changes, besides who is signed in. */
export type SwitchName = 'language' | 'currency' | 'banner' | 'placing' | 'extole';

/** The address that changes one of them, and leads back. */
export function switchUrl({ origin, back }: Return, name: SwitchName, value: string): string {
  return `${origin}/sandbox/switch?${new URLSearchParams({ [name]: value, back })}`;
}

/** @returns The address that `back` means on the storefront; its home page when that is somewhere else. */
export function addressWithin({ origin, back }: Return): string {
  const target = URL.canParse(back, origin) ? new URL(back, origin) : undefined;
  return target?.origin === origin ? target.href : `${origin}/`;
}
