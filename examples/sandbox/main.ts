import { PRODUCTS, startSandbox } from './sandbox.js';

const sandbox = await startSandbox();
// What a merchant would most likely have; consent and automatic zones are for the bar on top of the pages.
await sandbox.setScripts({ conversion: true, verification: true });

console.log(`
  Start here:      ${sandbox.startUrl}

  Storefront       ${sandbox.storefrontUrl}/
  Program domain   ${sandbox.programDomainUrl}/   (what Extole received, live)
  Page Builder     ${sandbox.pageBuilderUrl}
  BigCommerce API  ${sandbox.api.url}/

  To try the command line on this store, in another terminal:

    export BIGCOMMERCE_API_URL=${sandbox.api.url}
    export BIGCOMMERCE_STORE_HASH=${sandbox.content.storeHash} BIGCOMMERCE_ACCESS_TOKEN=${sandbox.api.accessToken}
    npx extole-bigcommerce publish --program-domain ${sandbox.programDomain} --sdk-url ${sandbox.sdkUrl} --dry-run
    npx extole-bigcommerce doctor ${sandbox.storefrontUrl}${PRODUCTS[0]?.path ?? '/'}

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
