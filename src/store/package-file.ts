/**
 * Where a file of this package is: `packageFile('templates/script.html')`.
 *
 * Both `src/store` and the bundle's `dist/cli` are two folders below the package.
 */
export const packageFile = (path: string): URL => new URL(`../../${path}`, import.meta.url);
