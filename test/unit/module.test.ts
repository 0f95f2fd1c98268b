import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const { import: entry, types } = manifest.exports['./storefront'];

describe('the module, as it is published', () => {
  it('can be imported and called on a server, where it does nothing', async () => {
    const before = Object.keys(globalThis);
    const sdk = await import(new URL(`../../${entry}`, import.meta.url).href);
    expect(Object.keys(sdk).sort()).toEqual(
      [
        'consent',
        'createZone',
        'identify',
        'logout',
        'off',
        'on',
        'refresh',
        'setContext',
        'start',
        'stop',
        'version',
      ].sort(),
    );
    sdk.start({ programDomain: 'share.brand.com' });
    sdk.setContext({ locale: 'en' });
    sdk.identify({ id: 1 });
    sdk.createZone({ name: 'overlay' });
    sdk.refresh();
    sdk.on('extole-zone:failed', () => {});
    sdk.off('extole-zone:failed', () => {});
    sdk.consent(true);
    sdk.logout();
    sdk.stop();
    expect(Object.keys(globalThis)).toEqual(before);
    expect(sdk.version).toBe(manifest.version);
  });

  it('brings its types', () => {
    expect(existsSync(new URL(`../../${types}`, import.meta.url))).toBe(true);
  });
});
