#!/usr/bin/env node
import { run } from './main.js';

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  env: process.env,
  // One that is no column wide can't show progress.
  isTerminal: process.stderr.isTTY && process.stderr.columns > 0,
});
