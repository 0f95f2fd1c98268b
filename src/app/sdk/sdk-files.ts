import { readdir, readFile } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { VERSION } from '../../catalog/version.js';
import { packageFile } from '../../store/package-file.js';
import { AppError } from '../app-error.js';
import type { AppConfig } from '../config.js';
import type { Tables } from '../database/tables.js';

const FOLDER = 'dist/storefront/';

/** Where this version's SDK is. What stands behind it never changes. */
export const sdkUrl = ({ appUrl }: Pick<AppConfig, 'appUrl'>): string =>
  `${appUrl}/sdk/${VERSION}/extole-storefront.js`;

/**
 * Adds the SDK's script files of this version to those that are served, all at once. Those of earlier versions stay: pages that
 * name them go on working. Has to be done before anything in a store names this version; may be done any number of times, by
 * several processes at once.
 *
 * @param folder - Where the build put them, each with `.br` and `.gz` beside it.
 * @throws {AppError} `SDK_VERSION_CHANGED` when other files are served as this version; `SDK_NOT_BUILT`
 */
export async function publishSdkFiles(
  db: Kysely<Tables>,
  now: Date,
  folder: URL = packageFile(FOLDER),
): Promise<void> {
  const built = await readBuilt(folder);
  const rows = built.map((file) => ({ version: VERSION, added_at: now, ...file }));
  await db
    .insertInto('sdk_file')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['version', 'name']).doNothing())
    .execute();
  const served = await db
    .selectFrom('sdk_file')
    .select(['name', 'content'])
    .where('version', '=', VERSION)
    .execute();
  const contents = new Map(served.map(({ name, content }) => [name, content]));
  const changed = [
    ...built.filter(({ name, content }) => !contents.get(name)?.equals(content)).map(({ name }) => name),
    ...served.filter(({ name }) => !built.some((file) => file.name === name)).map(({ name }) => name),
  ];
  if (changed.length === 0) return;
  throw new AppError(
    'SDK_VERSION_CHANGED',
    `the SDK ${VERSION} is served already, with other files than this build has: ${changed.join(', ')}. Browsers keep a version's files for a year, so give changed ones a version of their own. On a development machine, delete from sdk_file what has this version.`,
  );
}

interface BuiltFile {
  readonly name: string;
  readonly content: Buffer;
  readonly brotli: Buffer;
  readonly gzip: Buffer;
}

async function readBuilt(folder: URL): Promise<BuiltFile[]> {
  const read = (name: string): Promise<Buffer> => readFile(new URL(name, folder));
  try {
    const names = (await readdir(folder)).filter((name) => /^extole-storefront.*\.js$/.test(name));
    if (names.length === 0) throw new Error('there are none');
    return await Promise.all(
      names.map(async (name) => {
        const [content, brotli, gzip] = await Promise.all([
          read(name),
          read(`${name}.br`),
          read(`${name}.gz`),
        ]);
        return { name, content, brotli, gzip };
      }),
    );
  } catch {
    throw new AppError('SDK_NOT_BUILT', `${FOLDER} lacks the SDK's script files. Run npm run build.`);
  }
}
