import type { AppDeps } from '../deps.js';
import { failureOf } from '../provision/failure.js';
import { accessTokenPurpose, type EffectiveSettings } from '../settings/settings.js';
import type { ExtoleFailure } from './ask-extole.js';

/** The access token of an Extole account, or why there is none. */
export type AccessToken = { readonly token: string } | { readonly failure: ExtoleFailure };

const MISSING: ExtoleFailure = {
  code: 'ACCESS_TOKEN_MISSING',
  message: "the storefront has no access token of Extole's. Enter one on the settings page.",
};

/** Opens the access token that counts for a storefront. Never an error: what is in the way is a failure, `ACCESS_TOKEN_MISSING` or `SECRET_UNREADABLE`. */
export function openAccessToken(
  { secrets }: Pick<AppDeps, 'secrets'>,
  storeHash: string,
  { channelId, accessToken }: Pick<EffectiveSettings, 'channelId' | 'accessToken'>,
): AccessToken {
  if (!accessToken) return { failure: MISSING };
  try {
    return { token: secrets.open(accessToken, accessTokenPurpose(storeHash, channelId)) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
