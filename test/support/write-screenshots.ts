import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { placeOrder, setOrderStatus } from '../../examples/sandbox/bigcommerce/orders.js';
import { PRODUCTS, startSandbox } from '../../examples/sandbox/sandbox.js';
import { until } from '../bench/wait.js';
import { ensureChromium, launchChromium } from './chromium.js';
import { playRewardCircle } from './reward-circle.js';

/** Takes the pictures that the README shows, from the sandbox as it is now. */
const folder = new URL('../../docs/images/', import.meta.url);
mkdirSync(folder, { recursive: true });
ensureChromium();

/** BigCommerce's ids of order statuses. */
const SHIPPED = 2;
const CANCELLED = 5;

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
  await sandbox.close();
}

const withApp = await startSandbox({ ports: 'free', app: true });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const app = page.frameLocator('#app');
  const shoot = (name: string) => page.screenshot({ path: fileURLToPath(new URL(name, folder)) });
  const reach = (text: string) => app.getByText(text).first().scrollIntoViewIfNeeded();

  await page.goto(withApp.appsUrl);
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  await page.getByRole('button', { name: 'Accept and install' }).waitFor();
  await shoot('install.png');
  await page.getByRole('button', { name: 'Accept and install' }).click();
  await app.getByText('Get started').waitFor();
  await shoot('settings-first-run.png');

  await app.getByLabel(/^Branded Program Domain/).fill(withApp.programDomain);
  await app.getByLabel(/^Extole Access Token/).fill(withApp.app?.extoleAccessToken ?? '');
  await app.getByText('The domain answers').waitFor();
  await app.getByRole('checkbox', { name: 'Header', exact: true }).check();
  await reach('Step 1: Configure Extole Core Settings');
  await shoot('settings-page.png');

  await app.getByRole('button', { name: 'Save', exact: true }).first().click();
  await app
    .getByText(/in place|is up to date/i)
    .first()
    .waitFor();
  await shoot('settings-saving.png');

  const shopper = await browser.newPage({
    baseURL: withApp.storefrontUrl,
    viewport: { width: 1280, height: 640 },
  });
  const shootStorefront = async (name: string): Promise<void> => {
    await shopper.goto('/', { waitUntil: 'networkidle' });
    await shopper.screenshot({ path: fileURLToPath(new URL(name, folder)) });
  };
  await shootStorefront('storefront-header.png');

  const orders = Array.from({ length: 4 }, () => placeOrder(withApp.content).fields.id);
  const [first = 0, second = 0] = orders;
  await until(async () => withApp.extole?.events().length === orders.length);
  setOrderStatus(withApp.content, first, SHIPPED);
  setOrderStatus(withApp.content, second, CANCELLED);
  await until(async () => withApp.extole?.events().length === orders.length + 2);
  await app.getByRole('link', { name: 'Activity' }).click();
  await app.getByText('All delivered').waitFor();
  await shoot('activity.png');
  await app
    .getByRole('button', { name: new RegExp(`order ${second}$`) })
    .first()
    .click();
  await app.getByText('partner_conversion_id').waitFor();
  await shoot('activity-event.png');
  const panel = await browser.newPage({ viewport: { width: 1280, height: 640 } });
  await panel.goto(withApp.ordersUrl);
  await panel.screenshot({ path: fileURLToPath(new URL('orders.png', folder)) });
  await page.keyboard.press('Escape');
  await app.getByRole('link', { name: 'Settings' }).click();

  withApp.content.scripts.delete([...withApp.content.scripts.keys()][0] ?? '');
  await app.getByRole('button', { name: 'Look again' }).click();
  await app.getByRole('button', { name: 'Repair' }).waitFor();
  await app.getByRole('button', { name: 'Repair' }).scrollIntoViewIfNeeded();
  await shoot('settings-repair.png');
  await shootStorefront('storefront-without.png');
} finally {
  await withApp.close();
}

const forRewards = await startSandbox({ ports: 'free', app: true });
try {
  await playRewardCircle(browser, forRewards, (scene, page) =>
    page.screenshot({
      path: fileURLToPath(new URL(`reward-${scene}.png`, folder)),
      animations: 'disabled',
    }),
  );
} finally {
  await browser.close();
  await forRewards.close();
}
