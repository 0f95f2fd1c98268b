import { table } from '../measure.js';
import { measureLoad } from './load.js';

// `npm run bench:load`: the part of `npm run bench` that is about orders, alone.

console.log(table(await measureLoad()));
process.exit();
