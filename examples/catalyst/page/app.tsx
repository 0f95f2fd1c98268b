import { lazy, Suspense, useMemo, useState } from 'react';
import { ExtolePage, ExtoleProvider } from '../extole-provider.js';
import { ExtoleZone } from '../extole-zone.js';
import { customerOf, productContext } from '../page-context.js';
import { Link, usePath } from './router.js';
import { PRODUCTS, SHOPPER } from './store.js';

/** What a server gives to the page. */
interface AppProps {
  readonly programDomain: string;
  readonly origin: string;
  /** The path that was asked for. */
  readonly path: string;
}

const SITE = { store: { name: 'Juniper & Oak' }, currency: 'USD', locale: 'en' };

// As in Next, a part of the page may hydrate later than the rest.
const ProductPage = lazy(() => import('./product-page.js'));

/** A small store in React with a router of its own, to see Catalyst's components in without Next. */
export function App({ programDomain, origin, path: firstPath }: AppProps) {
  const path = usePath(firstPath);
  const [isOn, setOn] = useState(true);
  const [shopper, setShopper] = useState<typeof SHOPPER | null>(null);
  const customer = useMemo(() => customerOf(shopper), [shopper]);
  const product = PRODUCTS.find((known) => known.path === path);
  const context = useMemo(() => {
    if (product) return productContext(product, origin);
    return { page: { type: path === '/' ? 'default' : 'account_orderstatus' } };
  }, [product, path, origin]);

  return (
    <>
      {isOn && <ExtoleProvider config={{ programDomain }} customer={customer} context={SITE} />}
      <header>
        <ExtoleZone name="global_header" className="zone">
          Refer a friend, get $20
        </ExtoleZone>
        <nav>
          <Link to="/">Home</Link>
          {PRODUCTS.map(({ path: to, name }) => (
            <Link key={to} to={to}>
              {name}
            </Link>
          ))}
          <Link to="/account/">Account</Link>
          <button type="button" onClick={() => setShopper(shopper ? null : SHOPPER)}>
            {shopper ? 'Sign out' : 'Sign in'}
          </button>
        </nav>
      </header>
      <main>
        <ExtolePage context={context} />
        {product ? (
          <Suspense fallback={null}>
            <ProductPage product={product} />
          </Suspense>
        ) : (
          <h1>{path === '/' ? 'Juniper & Oak' : 'Your account'}</h1>
        )}
      </main>
      <footer>
        <ExtoleZone name="global_footer" className="zone" eventData={{ sku: '{{product.sku}}' }}>
          Refer a friend
        </ExtoleZone>
        <label>
          <input type="checkbox" checked={isOn} onChange={() => setOn(!isOn)} /> Extole
        </label>
      </footer>
    </>
  );
}
