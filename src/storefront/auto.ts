import { takePage } from './page.js';

takePage({ programDomain: document.currentScript?.dataset.programDomain });
