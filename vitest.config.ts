import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,app,browser}/**/*.test.ts'],
    // Browser tests share two cores with Chromium: files one after the other keep their timings honest.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['dot'],
  },
});
