import { startSandbox } from './sandbox.js';

const sandbox = await startSandbox();
// What a merchant would most likely have; consent and automatic zones are for the bar on top of the pages.
await sandbox.setScripts({ conversion: true, verification: true });

console.log(`
  Start here:      ${sandbox.startUrl}

  Storefront       ${sandbox.storefrontUrl}/
  Program domain   ${sandbox.programDomainUrl}/   (what Extole received, live)
  Page Builder     ${sandbox.pageBuilderUrl}
  BigCommerce API  ${sandbox.api.url}/   (store hash ${sandbox.content.storeHash}, access token ${sandbox.api.accessToken})

  Ctrl-C stops all.
`);

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // npm passes Ctrl-C on too, so that it may come twice.
    if (isStopping) return;
    isStopping = true;
    sandbox.close().then(() => process.exit(0));
  });
}
