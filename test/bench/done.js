// The last script of each page: says that it is over, and how long its longest long task was, by a request that the
// bench intercepts.
let longestMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
}).observe({ type: 'longtask', buffered: true });
// Later than any timer that a script under measurement sets to get started.
setTimeout(() => {
  fetch(`https://done.invalid/${longestMs}`);
}, 50);
