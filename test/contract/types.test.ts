import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('../types/', import.meta.url));

/** What the compiler has to say about `test/types`, where the SDK is what the package publishes and not our sources. */
function complaints(options: ts.CompilerOptions): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options: ours } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = readdirSync(folder).map((name) => `${folder}${name}`);
  const program = ts.createProgram(files, { ...ours, paths: {}, types: [], skipLibCheck: false, ...options });
  const sources = program.getSourceFiles().map(({ fileName }) => fileName);
  expect(
    sources.filter((path) => path.startsWith(`${root}src/`)),
    'take the published types',
  ).toEqual([]);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}

describe('the types, as they are published', () => {
  it.each([
    ['a bundler', { moduleResolution: ts.ModuleResolutionKind.Bundler }],
    ['Node', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['a less strict project', { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false }],
  ])('let right uses compile and wrong ones not, for %s', (_whom, options) => {
    expect(complaints(options)).toEqual([]);
  });
});
