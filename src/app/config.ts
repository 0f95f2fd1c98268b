import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { AppError } from './app-error.js';

/** How the app runs: what the environment said, checked. Secrets are in it: never log it whole. */
export interface AppConfig {
  /** Where merchants, BigCommerce and shoppers reach the app: an origin, `https://app.example.com`. */
  readonly appUrl: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Whose word counts on where a request came from: so many proxies, or those at these addresses. `false`: nobody's. */
  readonly trustProxy: false | number | string[];
  /** `undefined`: the embedded database in {@link dataDir}. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** 32 bytes each; the first seals, all of them open. */
  readonly encryptionKeys: readonly [Buffer, ...Buffer[]];
  /** At least 32 bytes; signs our session tokens. Not BigCommerce's secret. */
  readonly sessionKey: Buffer;
  /** What `/metrics` asks for as a Bearer token; `undefined`: nothing. */
  readonly metricsToken: string | undefined;
  /** `https://api.bigcommerce.com` */
  readonly bigcommerceApiUrl: string;
  /** `https://login.bigcommerce.com` */
  readonly bigcommerceLoginUrl: string;
  /** `https://api.extole.io` */
  readonly extoleApiUrl: string;
  /** Who may frame the settings page, as `frame-ancestors` has it. */
  readonly frameAncestors: readonly string[];
  /** `https://store-{storeHash}.mybigcommerce.com`, with the placeholder as it stands. */
  readonly controlPanelUrl: string;
  /** For how many days it is kept what events told. */
  readonly payloadDays: number;
  /** For development: whether program domains may be addresses of this machine. */
  readonly allowLocalProgramDomains: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const NEW_KEY = 'openssl rand -base64 32 makes one';

/** What `proxy-addr` understands beside addresses. */
const PROXY_RANGES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal'];

const isLocal = ({ hostname }: URL): boolean => hostname === 'localhost' || hostname === '127.0.0.1';

/** Whether it is the address of a server that may be told secrets: https, or on this machine. */
function isServer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password || url.search || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url));
}

const isOrigin = (text: string): boolean => isServer(text) && new URL(text).pathname === '/';

/** A text that has to be there and as `isRight` wants it; otherwise `advice` is what is said about it. */
const text = (advice: string, isRight: (value: string) => boolean = () => true) =>
  z.string({ error: advice }).refine(isRight, { error: advice });

const server = (fallback: string) =>
  text('enter an https:// address, without a query.', isServer)
    .default(fallback)
    .transform((url) => url.replace(/\/+$/, ''));

/** The bytes that a text tells, in hex or Base64; `undefined` when it is neither. */
function bytesOf(written: string): Buffer | undefined {
  if (/^(?:[0-9a-f]{2}){32,}$/i.test(written)) return Buffer.from(written, 'hex');
  return /^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(written) ? Buffer.from(written, 'base64') : undefined;
}

/** Random bytes repeat themselves little; what somebody typed to get on does. */
const looksRandom = (key: Buffer): boolean => new Set(key).size >= 16;

const keysOf = (written: string): (Buffer | undefined)[] =>
  written.split(',').map((one) => bytesOf(one.trim()));

const isKeyList = (keys: readonly (Buffer | undefined)[]): keys is [Buffer, ...Buffer[]] =>
  keys.length > 0 && keys.every((key) => key?.length === 32 && looksRandom(key));

function trustOf(written: string): number | string[] | undefined {
  if (/^[1-9]$/.test(written)) return Number(written);
  const addresses = written.split(',').map((one) => one.trim());
  const isKnown = (one: string): boolean =>
    ipaddr.IPv4.isValidFourPartDecimal(one) ||
    ipaddr.IPv6.isValid(one) ||
    ipaddr.isValidCIDR(one) ||
    PROXY_RANGES.includes(one);
  return addresses.every(isKnown) ? addresses : undefined;
}

/** Reads a text into something else; what can't be read is told with `advice`. */
const read = <T>(advice: string, from: (written: string) => T | undefined) =>
  z.string({ error: advice }).transform((written, context): T => {
    const value = from(written);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: advice });
    return z.NEVER;
  });

const environmentSchema = (environment: Environment) =>
  z.object({
    APP_URL: text(
      'enter the address of the app as others reach it: https:// and a host, without a path. Plain http is for localhost only.',
      isOrigin,
    ).transform((url) => new URL(url).origin),
    HOST: text('enter the address to listen on.', (host) => /^[\w.:-]+$/.test(host)).default('0.0.0.0'),
    PORT: read('enter a number from 1 to 65535, or 0 for any free port.', (written) =>
      /^\d{1,5}$/.test(written) && Number(written) < 65_536 ? Number(written) : undefined,
    ).default(8080),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `enter one of ${LOG_LEVELS.join(', ')}.` }).default('info'),
    TRUST_PROXY: read<false | number | string[]>(
      'enter how many proxies stand before the app (1 to 9), or their addresses with commas between them (CIDR, loopback, linklocal or uniquelocal).',
      trustOf,
    ).default(false),
    DATABASE_URL: text(
      'enter postgres://user:password@host:port/database, or nothing for the embedded database.',
      (url) => /^postgres(?:ql)?:\/\/./.test(url) && URL.canParse(url),
    ).optional(),
    DATA_DIR: text('enter a folder.').default('data'),
    BIGCOMMERCE_CLIENT_ID: text("enter the app's Client ID from BigCommerce's Developer Portal.", (id) =>
      /^\w{8,}$/.test(id),
    ),
    BIGCOMMERCE_CLIENT_SECRET: text(
      "enter the app's Client Secret from BigCommerce's Developer Portal. It has at least 32 characters.",
      (secret) => /^[\x21-\x7e]{32,}$/.test(secret),
    ),
    ENCRYPTION_KEYS: read(
      `enter one key or several, with commas between them, each 32 random bytes in Base64 or hex; the first one seals. ${NEW_KEY}.`,
      (written) => {
        const keys = keysOf(written);
        return isKeyList(keys) ? keys : undefined;
      },
    ),
    SESSION_KEY: read(
      `enter at least 32 random bytes in Base64 or hex, others than the Client Secret's. ${NEW_KEY}.`,
      (written) => {
        const key = bytesOf(written);
        const isFit = key && key.length >= 32 && looksRandom(key);
        return isFit && written !== environment.BIGCOMMERCE_CLIENT_SECRET ? key : undefined;
      },
    ),
    METRICS_TOKEN: text('enter at least 16 characters without spaces, or nothing.', (token) =>
      /^[\x21-\x7e]{16,}$/.test(token),
    ).optional(),
    BIGCOMMERCE_API_URL: server('https://api.bigcommerce.com'),
    BIGCOMMERCE_LOGIN_URL: server('https://login.bigcommerce.com'),
    EXTOLE_API_URL: server('https://api.extole.io'),
    FRAME_ANCESTORS: text('enter origins with spaces between them, such as https://*.example.com.', (list) =>
      list.split(' ').every((source) => /^https?:\/\/(?:\*\.)?[\w-]+(?:\.[\w-]+)*(?::\d+)?$/.test(source)),
    )
      .default('https://*.mybigcommerce.com https://*.bigcommerce.com')
      .transform((list) => list.split(' ')),
    CONTROL_PANEL_URL: text(
      'enter an https:// address, with {storeHash} where the hash of the store goes.',
      (url) => isServer(url.replaceAll('{storeHash}', 'hash')),
    )
      .default('https://store-{storeHash}.mybigcommerce.com')
      .transform((url) => url.replace(/\/+$/, '')),
    PAYLOAD_DAYS: read('enter a number of days from 1 to 400.', (written) =>
      /^\d{1,3}$/.test(written) && Number(written) >= 1 && Number(written) <= 400
        ? Number(written)
        : undefined,
    ).default(30),
    ALLOW_LOCAL_PROGRAM_DOMAINS: read(
      'enter true or false. True is for development, with an APP_URL of this machine.',
      (written) => {
        if (written === 'false') return false;
        const url = environment.APP_URL;
        return written === 'true' && url && URL.canParse(url) && isLocal(new URL(url)) ? true : undefined;
      },
    ).default(false),
  });

/**
 * Reads how the app is to run. What is empty counts as missing. `docs/operating.md` lists the variables.
 *
 * @throws {AppError} `CONFIG_INVALID`, which names every variable that is missing or wrong, and what to enter, and no value.
 */
export function readConfig(env: Environment): AppConfig {
  const environment = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value),
  );
  const parsed = environmentSchema(environment).safeParse(environment);
  if (!parsed.success) {
    const advice = new Map(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]));
    const lines = [...advice].map(([name, message]) => `\n  ${name}: ${message}`);
    throw new AppError(
      'CONFIG_INVALID',
      `the environment lacks what the app needs, or has it wrong:${lines.join('')}`,
    );
  }
  const { data } = parsed;
  return {
    appUrl: data.APP_URL,
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    trustProxy: data.TRUST_PROXY,
    databaseUrl: data.DATABASE_URL,
    dataDir: data.DATA_DIR,
    clientId: data.BIGCOMMERCE_CLIENT_ID,
    clientSecret: data.BIGCOMMERCE_CLIENT_SECRET,
    encryptionKeys: data.ENCRYPTION_KEYS,
    sessionKey: data.SESSION_KEY,
    metricsToken: data.METRICS_TOKEN,
    bigcommerceApiUrl: data.BIGCOMMERCE_API_URL,
    bigcommerceLoginUrl: data.BIGCOMMERCE_LOGIN_URL,
    extoleApiUrl: data.EXTOLE_API_URL,
    frameAncestors: data.FRAME_ANCESTORS,
    controlPanelUrl: data.CONTROL_PANEL_URL,
    payloadDays: data.PAYLOAD_DAYS,
    allowLocalProgramDomains: data.ALLOW_LOCAL_PROGRAM_DOMAINS,
  };
}
