/** Runs once the page has loaded, and with it each tag that it came with; at once when it has. */
export function afterLoad(run: () => void): void {
  if (document.readyState === 'complete') run();
  else addEventListener('load', run);
}
