import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { VERSION } from '../catalog/version.js';
import { packageFile } from './package-file.js';
import type { Release } from './publication.js';
import { StoreError } from './store-error.js';

const SDK_FILE = 'extole-storefront.js';
const FETCH_TIMEOUT_MS = 15_000;

const text = (path: string): Promise<string> => readFile(packageFile(path), 'utf8');

/**
 * Reads what this version brings along.
 *
 * @param sdkUrl - Where this version's SDK is served from. Its path has to name the version, since what browsers hold to a hash
 *   must never change.
 * @throws {StoreError} `SDK_URL_NOT_VERSIONED`
 */
export async function readRelease(sdkUrl: string): Promise<Release> {
  if (!sdkUrl.endsWith(`/${VERSION}/${SDK_FILE}`)) {
    throw new StoreError(
      'SDK_URL_NOT_VERSIONED',
      `${JSON.stringify(sdkUrl)} does not end in /${VERSION}/${SDK_FILE}. Serve each version of the SDK under an address of its own, which never changes.`,
    );
  }
  const [scriptTemplate, sdk, widget] = await Promise.all([
    text('templates/script.html'),
    readFile(packageFile(`dist/storefront/${SDK_FILE}`)),
    readWidget(),
  ]);
  return { scriptTemplate, sdk: { url: sdkUrl, integrity: integrityOf(sdk) }, widget };
}

/** Reads the widget "Extole CTA Tag" of this version. */
export async function readWidget(): Promise<Release['widget']> {
  const [template, schema, translations] = await Promise.all([
    text('widgets/extole-cta-tag/widget.html'),
    text('widgets/extole-cta-tag/schema.json'),
    text('widgets/extole-cta-tag/schema_translations.json'),
  ]);
  return {
    name: 'Extole CTA Tag',
    template,
    schema: z.array(z.unknown()).parse(JSON.parse(schema)),
    schema_translations: JSON.stringify(JSON.parse(translations)),
  };
}

/**
 * Makes sure that browsers will run the SDK: that its address serves the very bytes that the hash is of, to pages of any origin.
 *
 * @throws {StoreError} `SDK_UNREACHABLE`, `SDK_DIFFERS` or `SDK_CORS_MISSING`
 */
export async function checkSdk({ url, integrity }: Release['sdk']): Promise<void> {
  const unreachable = (what: string): StoreError =>
    new StoreError('SDK_UNREACHABLE', `${url} ${what}. Upload dist/storefront there first.`);
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) }).catch(() => undefined);
  if (!response) throw unreachable("can't be loaded");
  if (!response.ok) throw unreachable(`answers with ${response.status}`);
  const body = await response.arrayBuffer().catch(() => undefined);
  if (!body) throw unreachable("can't be loaded to its end");
  if (integrityOf(new Uint8Array(body)) !== integrity) {
    throw new StoreError(
      'SDK_DIFFERS',
      `${url} serves something else than the SDK ${VERSION} of this package, and browsers would refuse it. Upload dist/storefront of the same build there.`,
    );
  }
  if (response.headers.get('access-control-allow-origin') !== '*') {
    throw new StoreError(
      'SDK_CORS_MISSING',
      `${url} comes without "Access-Control-Allow-Origin: *", and browsers would refuse it. Add that header for all files of the folder.`,
    );
  }
}

/** The hash of a file as browsers take it. Source: W3C, Subresource Integrity. */
function integrityOf(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
}
