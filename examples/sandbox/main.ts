import { PRODUCTS, startSandbox } from './sandbox.js';

const sandbox = await startSandbox({ app: true });

console.log(`
  Start here:      ${sandbox.startUrl}

  Storefront       ${sandbox.storefrontUrl}/
  Control panel    ${sandbox.appsUrl}   (install Extole here)
  Orders           ${sandbox.ordersUrl}   (ship, cancel, refund; lose webhooks)
  Promotions       ${sandbox.promotionsUrl}   (what coupon codes take off)
  Page Builder     ${sandbox.pageBuilderUrl}
  Program domain   ${sandbox.programDomainUrl}/   (what Extole received, live)
  Rewards          ${sandbox.operatorUrl}   (what a merchant sets up in Extole)
  BigCommerce API  ${sandbox.api.url}/
  The app          ${sandbox.app?.url}/

  What to enter on the app's page:

    Branded Program Domain   ${sandbox.programDomain}
    Extole Access Token      ${sandbox.app?.extoleAccessToken}

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
