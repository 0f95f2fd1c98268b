import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { packageFile } from '../../store/package-file.js';
import { AppError } from '../app-error.js';

/** What the settings page loads, as paths of the app. */
export interface AdminFiles {
  readonly script: string;
  /** What the script imports at once, so that browsers need not read it to know. */
  readonly preloads: readonly string[];
  readonly styles: readonly string[];
}

/** Source: Vite, "Backend Integration". */
const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).optional(),
    css: z.array(z.string()).optional(),
  }),
);

/**
 * What the settings page loads, as it was built.
 *
 * @throws {AppError} `SETTINGS_PAGE_NOT_BUILT`
 */
export async function readAdminFiles(): Promise<AdminFiles> {
  try {
    const manifest = await readFile(packageFile('dist/admin/.vite/manifest.json'), 'utf8');
    const chunks = manifestSchema.parse(JSON.parse(manifest));
    const entry = Object.values(chunks).find(({ isEntry }) => isEntry);
    if (!entry) throw new Error('there is no entry in it');
    const pathOf = (file: string): string => `/admin/${file}`;
    return {
      script: pathOf(entry.file),
      preloads: (entry.imports ?? []).flatMap((name) => chunks[name]?.file ?? []).map(pathOf),
      styles: (entry.css ?? []).map(pathOf),
    };
  } catch {
    throw new AppError(
      'SETTINGS_PAGE_NOT_BUILT',
      'the settings page is missing from dist/admin. Run "npm run build", and start the app again.',
    );
  }
}

/** Serves the settings page's files below `/admin/`. Their names change with what is in them, so that browsers may keep them. */
export async function adminFileRoutes(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: fileURLToPath(packageFile('dist/admin')),
    prefix: '/admin/',
    allowedPath: (path) => path.startsWith('/assets/'),
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
  });
}
