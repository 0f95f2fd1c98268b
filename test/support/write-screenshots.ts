import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PRODUCTS, startSandbox } from '../../examples/sandbox/sandbox.js';
import { ensureChromium, launchChromium } from './chromium.js';

/** Takes the pictures that the README shows, from the sandbox as it is now. */
const folder = new URL('../../docs/images/', import.meta.url);
mkdirSync(folder, { recursive: true });
ensureChromium();
const [browser, sandbox] = await Promise.all([launchChromium(), startSandbox({ ports: 'free' })]);
try {
  const page = await browser.newPage({
    baseURL: sandbox.storefrontUrl,
    viewport: { width: 1200, height: 800 },
  });
  await page.goto('/sandbox/sign-in?as=mary');
  await page.goto(PRODUCTS[0]?.path ?? '/', { waitUntil: 'networkidle' });
  await page.screenshot({ path: fileURLToPath(new URL('product.png', folder)) });

  await page.goto(`${sandbox.pageBuilderUrl}&path=${PRODUCTS[0]?.path ?? '/'}`);
  const box = page
    .frameLocator('#frame')
    .getByRole('group', { name: 'Extole CTA Tag: Product', exact: true });
  await box.waitFor();
  await page.getByRole('button', { name: /Product below price/ }).click();
  await page.getByLabel('Zone', { exact: true }).waitFor();
  await page.screenshot({ path: fileURLToPath(new URL('page-builder.png', folder)) });
} finally {
  await browser.close();
  await sandbox.close();
}
