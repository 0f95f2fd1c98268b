import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/app/config.js';
import { testEnvironment } from '../support/app.js';

const read = (changes: Record<string, string | undefined>) =>
  readConfig({ ...testEnvironment(), ...changes });

/** The names that the error complains of, in its order. */
function complaintsOf(env: Record<string, string | undefined>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ name: 'AppError', code: 'CONFIG_INVALID' });
    return [...String(error).matchAll(/^ {2}([A-Z_]+): \S/gm)].map(([, name = '']) => name);
  }
}
const complaintsAbout = (name: string, value: string | undefined): string[] =>
  complaintsOf({ ...testEnvironment(), [name]: value });

describe('the configuration', () => {
  it('names all that is missing at once', () => {
    expect(complaintsOf({})).toEqual([
      'APP_URL',
      'BIGCOMMERCE_CLIENT_ID',
      'BIGCOMMERCE_CLIENT_SECRET',
      'ENCRYPTION_KEYS',
      'SESSION_KEY',
    ]);
  });

  it('names all that is wrong beside what is missing, each once, and takes spaces for nothing', () => {
    const env = { APP_URL: 'app.example.com', PORT: 'http', SESSION_KEY: '   ', LOG_LEVEL: 'loud' };
    expect(complaintsOf({ ...testEnvironment(), ...env })).toEqual([
      'APP_URL',
      'PORT',
      'LOG_LEVEL',
      'SESSION_KEY',
    ]);
  });

  it('never repeats a value', () => {
    const secret = 'correct horse battery staple';
    const names = [
      'DATABASE_URL',
      'BIGCOMMERCE_CLIENT_SECRET',
      'ENCRYPTION_KEYS',
      'SESSION_KEY',
      'METRICS_TOKEN',
      'APP_URL',
    ];
    const env = Object.fromEntries(names.map((name) => [name, secret]));
    expect(complaintsOf({ ...testEnvironment(), ...env }).sort()).toEqual([...names].sort());
    expect(() => read(env)).not.toThrow(secret);
  });

  it('has the usual where nothing is said', () => {
    expect(read({ LOG_LEVEL: '' })).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      logLevel: 'info',
      trustProxy: false,
      databaseUrl: undefined,
      dataDir: 'data',
      metricsToken: undefined,
      bigcommerceApiUrl: 'https://api.bigcommerce.com',
      bigcommerceLoginUrl: 'https://login.bigcommerce.com',
      extoleApiUrl: 'https://api.extole.io',
      frameAncestors: ['https://*.mybigcommerce.com', 'https://*.bigcommerce.com'],
      controlPanelUrl: 'https://store-{storeHash}.mybigcommerce.com',
      allowLocalProgramDomains: false,
    });
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['https://App.example.com/', 'https://app.example.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('takes APP_URL %s', (written, appUrl) => {
    expect(read({ APP_URL: written }).appUrl).toBe(appUrl);
  });

  it.each([
    'http://app.example.com',
    'https://app.example.com/extole',
    'https://app.example.com/?a=b',
    'https://user:password@app.example.com',
    'ftp://app.example.com',
    'javascript:alert(1)',
  ])('refuses APP_URL %s', (written) => {
    expect(complaintsAbout('APP_URL', written)).toEqual(['APP_URL']);
  });

  it('takes keys in Base64, in hex and several of them', () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const keys = `${first.toString('hex')}, ${second.toString('base64')}`;
    expect(read({ ENCRYPTION_KEYS: keys }).encryptionKeys).toEqual([first, second]);
    expect(read({ SESSION_KEY: first.toString('base64url') }).sessionKey).toEqual(first);
    const longer = randomBytes(48);
    expect(read({ SESSION_KEY: longer.toString('hex') }).sessionKey).toEqual(longer);
  });

  it.each([
    ['of 31 bytes', () => randomBytes(31).toString('base64')],
    ['that are no bytes', () => 'ä'.repeat(44)],
    ['that nobody drew by lot', () => Buffer.alloc(32, 'changeme').toString('base64')],
  ])('refuses keys %s', (_what, key) => {
    expect(complaintsAbout('ENCRYPTION_KEYS', key())).toEqual(['ENCRYPTION_KEYS']);
    expect(complaintsAbout('SESSION_KEY', key())).toEqual(['SESSION_KEY']);
  });

  it('refuses encryption keys of 33 bytes, and a list with one that is wrong', () => {
    expect(complaintsAbout('ENCRYPTION_KEYS', randomBytes(33).toString('base64'))).not.toEqual([]);
    expect(complaintsAbout('ENCRYPTION_KEYS', `${randomBytes(32).toString('base64')},`)).not.toEqual([]);
  });

  it("refuses BigCommerce's secret as the session key", () => {
    const secret = randomBytes(32).toString('hex');
    expect(
      complaintsOf({ ...testEnvironment(), BIGCOMMERCE_CLIENT_SECRET: secret, SESSION_KEY: secret }),
    ).toEqual(['SESSION_KEY']);
  });

  it('refuses a client secret that is too short to sign with', () => {
    expect(complaintsAbout('BIGCOMMERCE_CLIENT_SECRET', 'x'.repeat(32))).toEqual([]);
    expect(complaintsAbout('BIGCOMMERCE_CLIENT_SECRET', 'x'.repeat(31))).not.toEqual([]);
  });

  it.each([
    ['2', 2],
    ['10.0.0.0/8, loopback', ['10.0.0.0/8', 'loopback']],
    ['2001:db8::1', ['2001:db8::1']],
  ])('takes TRUST_PROXY %s', (written, trustProxy) => {
    expect(read({ TRUST_PROXY: written }).trustProxy).toEqual(trustProxy);
  });

  it.each(['true', '0', '10', 'proxy.example.com', '10.0.0.0/33'])('refuses TRUST_PROXY %s', (written) => {
    expect(complaintsAbout('TRUST_PROXY', written)).toEqual(['TRUST_PROXY']);
  });

  it.each(['https://a.example; script-src *', "'self'", 'https://a.example\nhttps://b.example', '*'])(
    'refuses FRAME_ANCESTORS %j, which would change the policy',
    (written) => {
      expect(complaintsAbout('FRAME_ANCESTORS', written)).toEqual(['FRAME_ANCESTORS']);
    },
  );

  it('lets program domains be local in development only', () => {
    const local = { APP_URL: 'http://localhost:1', ALLOW_LOCAL_PROGRAM_DOMAINS: 'true' };
    expect(read(local).allowLocalProgramDomains).toBe(true);
    expect(complaintsAbout('ALLOW_LOCAL_PROGRAM_DOMAINS', 'true')).toEqual(['ALLOW_LOCAL_PROGRAM_DOMAINS']);
    expect(complaintsAbout('ALLOW_LOCAL_PROGRAM_DOMAINS', 'yes')).toEqual(['ALLOW_LOCAL_PROGRAM_DOMAINS']);
  });

  it.each([
    ['PORT', '65535', '65536'],
    ['METRICS_TOKEN', 'x'.repeat(16), 'x'.repeat(15)],
    ['DATABASE_URL', 'postgres://user:pass@db.example/app', 'mysql://db.example/app'],
    ['BIGCOMMERCE_API_URL', 'http://localhost:4002', 'http://api.example.com'],
    ['CONTROL_PANEL_URL', 'https://store-{storeHash}.example.com', 'store-{storeHash}.example.com'],
  ])('%s: takes %j and refuses %j', (name, right, wrong) => {
    expect(complaintsAbout(name, right)).toEqual([]);
    expect(complaintsAbout(name, wrong)).toEqual([name]);
  });
});
