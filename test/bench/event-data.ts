import Handlebars from 'handlebars';
import { fillIn, read } from '../../src/storefront/custom-event-data.js';
import type { Data } from '../../src/storefront/types.js';
import { type Budget, compare, comparisonRow, inRounds, ROUNDS, type Row, type Section } from './measure.js';

const WARM_UP_ROUNDS = 3;
const FIRST_TIMES_A_ROUND = 500;
const REPEATS_A_ROUND = 20_000;

const CONTEXT = {
  page: { type: 'product', title: 'Copper pan' },
  product: {
    id: 77,
    sku: 'PAN-24',
    title: 'Copper pan',
    url: 'https://store.example/copper-pan/',
    main_image: { url: 'https://store.example/pan.jpg', alt: 'A pan' },
    price: { with_tax: { value: 129.9, formatted: '$129.90', currency: 'USD' } },
    brand: { name: 'Kettle & Sons' },
  },
  cart: { id: 'b1946ac9', items: [{ name: 'Lid', quantity: 2 }] },
  currency: 'USD',
  locale: 'en',
};

/** Event data as merchants write it. What differs makes each text another one, which no cache has seen. */
const EXAMPLES: Readonly<Record<string, (different: number) => string>> = {
  '1 placeholder': (different) =>
    `{"static_variable": "foobar${different}", "dynamic_product_url": "{{product.url}}"}`,
  '10 placeholders': (different) =>
    `{
  "campaign": "spring${different}",
  "product_id": "{{product.id}}",
  "product_sku": "{{product.sku}}",
  "product_url": "{{product.url}}",
  "product_image": "{{product.main_image.url}}",
  "headline": "{{product.title}} by {{product.brand.name}}",
  "price": "{{product.price.with_tax.value}} {{currency}}",
  "first_item": "{{cart.items.[0].name}}",
  "cart_id": "{{cart.id}}"
}`,
};

/** A way to render a text: for the first time, and again with what was kept of it. */
interface Renderer {
  readonly first: (text: string) => unknown;
  readonly keep: (text: string) => () => unknown;
}

const ours: Renderer = {
  first: (text) => fillIn(readNow(text), CONTEXT),
  keep: (text) => {
    const value = readNow(text);
    return () => fillIn(value, CONTEXT);
  },
};

const handlebars: Renderer = {
  first: (text) => Handlebars.compile(text, { noEscape: true })(CONTEXT),
  keep: (text) => {
    const template = Handlebars.compile(text, { noEscape: true });
    return () => template(CONTEXT);
  },
};

// Ours takes part twice: its ratio to itself should be 1, and tells how noisy the other ratios are.
const NOISE = 'ours (noise)';
const CONTESTANTS: Readonly<Record<string, Renderer>> = { ours, Handlebars: handlebars, [NOISE]: ours };

/** How fast custom event data is rendered, beside Handlebars. */
export function measureEventData(): Section {
  let different = 0;
  const rows = Object.entries(EXAMPLES).flatMap(([what, example]) => [
    ...race(`first time, ${what}`, { atLeast: 80 }, ({ first }) => {
      const texts = Array.from({ length: FIRST_TIMES_A_ROUND }, () => example((different += 1)));
      return averageUs(FIRST_TIMES_A_ROUND, (index) => first(texts[index] ?? ''));
    }),
    ...race(`after that, ${what}`, { atLeast: 0.8 }, ({ keep }) =>
      averageUs(REPEATS_A_ROUND, keep(example(0))),
    ),
  ]);
  return {
    title: 'Custom event data rendered, in Node; the ratio says how many times as fast',
    rows,
    note: 'Ours ends in a data object, Handlebars in the text of one, which would still have to be parsed.',
  };
}

function race(what: string, budget: Budget, time: (renderer: Renderer) => number): Row[] {
  const times = new Map<string, number[]>();
  for (const [name, renderer] of inRounds(Object.entries(CONTESTANTS), WARM_UP_ROUNDS + ROUNDS)) {
    times.set(name, [...(times.get(name) ?? []), time(renderer)]);
  }
  const of = (name: string): number[] => times.get(name)?.slice(WARM_UP_ROUNDS) ?? [];
  return Object.entries({ Handlebars: budget, [NOISE]: undefined }).map(([yardstick, limit]) =>
    comparisonRow(
      `${what}, beside ${yardstick}`,
      compare(of('ours'), of(yardstick), 'speed'),
      formatUs,
      limit,
    ),
  );
}

/** How long one call takes on average, in microseconds. */
function averageUs(calls: number, call: (index: number) => unknown): number {
  const startMs = performance.now();
  for (let index = 0; index < calls; index += 1) {
    // Looking at what comes out keeps the call from being optimised away.
    if (call(index) === undefined) throw new Error('Nothing was rendered');
  }
  return ((performance.now() - startMs) * 1000) / calls;
}

function readNow(text: string): Data {
  const found = read(text);
  if (found instanceof Promise || !found.value) throw new Error(`This is no plain JSON object: ${text}`);
  return found.value;
}

const formatUs = (us: number): string => `${us.toFixed(2)} us`;
