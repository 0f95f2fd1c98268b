import { measureApp } from './app.js';
import { openBenchBrowser } from './browser.js';
import { measureEventData } from './event-data.js';
import { measureLoad } from './load/load.js';
import { measureMainThread } from './main-thread.js';
import { ROUNDS, table } from './measure.js';
import { servePages } from './pages.js';
import { readScripts } from './scripts.js';
import { measureSettingsPage } from './settings-page.js';
import { measureSizes } from './sizes.js';
import { measureStorePages } from './store-pages.js';

// `npm run bench`: prints what the SDK costs, beside its yardsticks and its budgets, and what the app does. It judges nothing but in print;
// `test/unit/size.test.ts` keeps the sizes.

const startMs = performance.now();
const scripts = await readScripts();
const sizes = measureSizes(scripts);
const eventData = measureEventData();
const pages = await servePages(scripts);
const browser = await openBenchBrowser();
const mainThread = await measureMainThread(browser, pages);
const storePages = await measureStorePages(browser);
await browser.close();
pages.close();
const app = await measureApp();
const settingsPage = await measureSettingsPage();
const load = await measureLoad();

console.log(table([sizes, ...mainThread, ...storePages, eventData, app, settingsPage, ...load]));
console.log(`
How to read it: figures are medians of ${ROUNDS} rounds, or of as many as stand below the table, in which ours and the
yardsticks took turns. A ratio is the median of the ratios of the rounds, and the middle half of them lies between the two
values beside it. "beside ours (noise)" is ours against itself: as far as it is from 1, and as wide as its middle half is,
this run can be trusted. A question mark means that the budget lies within the middle half: run it again on a quieter
machine.
Taken in ${((performance.now() - startMs) / 1000).toFixed(0)} s.`);
