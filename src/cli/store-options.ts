import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { type BigCommerceClient, createBigCommerceClient } from '../store/bigcommerce-client.js';
import { parseJson } from '../store/parse-json.js';
import { CommandError } from './command-error.js';
import type { Io } from './io.js';

/** What every command that talks to a store's API takes. */
export interface StoreOptions {
  readonly credentials?: string;
  readonly verbose?: boolean;
}

interface Credentials {
  readonly storeHash: string;
  readonly accessToken: string;
  readonly apiUrl?: string | undefined;
}

/** Adds `--credentials` and `--verbose` to a command. */
export function addStoreOptions(command: Command): Command {
  return command
    .option(
      '--credentials <file>',
      'the file that BigCommerce offers when an API account is made, or JSON with storeHash and accessToken. Without it, BIGCOMMERCE_STORE_HASH and BIGCOMMERCE_ACCESS_TOKEN (and BIGCOMMERCE_API_URL, where that is not https://api.bigcommerce.com)',
    )
    .option('--verbose', "tell of each call of BigCommerce's API, without secrets");
}

/** Whether a command was told which store it is about. */
export function hasCredentials(options: StoreOptions, { env }: Io): boolean {
  return options.credentials !== undefined || Boolean(env.BIGCOMMERCE_ACCESS_TOKEN);
}

/**
 * Makes the client for the store that a command is about.
 *
 * @throws {CommandError} `CREDENTIALS_MISSING` or `CREDENTIALS_INVALID`
 */
export async function connect(options: StoreOptions, io: Io): Promise<BigCommerceClient> {
  const {
    storeHash,
    accessToken,
    apiUrl = io.env.BIGCOMMERCE_API_URL,
  } = options.credentials === undefined ? fromEnvironment(io.env) : await fromFile(options.credentials);
  return createBigCommerceClient({
    storeHash,
    accessToken,
    ...(apiUrl && { apiUrl }),
    ...(options.verbose && {
      onAttempt: ({ call, number, durationMs, status, requestsLeft }) => {
        const again = number > 1 ? ` (attempt ${number})` : '';
        const left = requestsLeft === undefined ? '' : `, ${requestsLeft} requests left`;
        io.err(`${call}${again}: ${status ?? 'no answer'} in ${durationMs} ms${left}`);
      },
    }),
  });
}

function fromEnvironment(env: Io['env']): Credentials {
  const { BIGCOMMERCE_STORE_HASH: storeHash, BIGCOMMERCE_ACCESS_TOKEN: accessToken } = env;
  const missing = [!storeHash && 'BIGCOMMERCE_STORE_HASH', !accessToken && 'BIGCOMMERCE_ACCESS_TOKEN'].filter(
    Boolean,
  );
  if (!storeHash || !accessToken) {
    throw new CommandError(
      'CREDENTIALS_MISSING',
      `set ${missing.join(' and ')}, or give --credentials FILE. Make an API account in the control panel under Settings, Store-level API accounts.`,
    );
  }
  return { storeHash, accessToken };
}

const jsonCredentials = z.object({
  storeHash: z.string().min(1),
  accessToken: z.string().min(1),
  apiUrl: z.string().optional(),
});

// As in "API PATH: https://api.bigcommerce.com/stores/abc123/v3/".
const API_PATH = /^API PATH:\s*(\S+?)\/stores\/([^/\s]+)/im;
const ACCESS_TOKEN = /^ACCESS TOKEN:\s*(\S+)/im;

async function fromFile(path: string): Promise<Credentials> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError('CREDENTIALS_INVALID', `${path} can't be read.`);
  });
  const [, apiUrl, storeHash] = API_PATH.exec(text) ?? [];
  const accessToken = ACCESS_TOKEN.exec(text)?.[1];
  if (storeHash && accessToken) return { storeHash, accessToken, apiUrl };
  const json = jsonCredentials.safeParse(parseJson(text));
  if (json.success) return json.data;
  throw new CommandError(
    'CREDENTIALS_INVALID',
    `${path} holds no credentials. Give the file that BigCommerce offers when an API account is made ("ACCESS TOKEN: …", "API PATH: …"), or {"storeHash": "…", "accessToken": "…"}.`,
  );
}
