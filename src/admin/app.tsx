import { GlobalStyles } from '@bigcommerce/big-design';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { IntlProvider } from 'react-intl';
import type { StateAnswer } from '../catalog/admin-api.js';
import { type Api, ApiError } from './api.js';
import { ENGLISH, type Language, loadLanguage } from './languages.js';
import { Pages } from './pages.js';
import { CannotStart } from './parts/cannot-start.js';
import { FailureBoundary } from './parts/failure-boundary.js';
import { Loading } from './parts/loading.js';
import { PageStyles } from './parts/page-styles.js';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 2 && error instanceof ApiError && error.isPassing,
      refetchOnWindowFocus: false,
    },
  },
});

type Start =
  | { readonly phase: 'loading' }
  | { readonly phase: 'failed'; readonly error: Error }
  | { readonly phase: 'ready'; readonly state: StateAnswer };

/**
 * The pages, once the app has told what there is.
 *
 * @param channelId - The storefront that it was opened for; any other number when it was for none.
 */
export function App({ api, channelId }: { readonly api: Api; readonly channelId: number }) {
  const [start, setStart] = useState<Start>({ phase: 'loading' });
  const [language, setLanguage] = useState<Language>(ENGLISH);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again.
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      const state = await api.state();
      const spoken = await loadLanguage(state.user.locale);
      if (!isWanted) return;
      document.documentElement.lang = spoken.tag;
      setLanguage(spoken);
      setStart({ phase: 'ready', state });
    };
    load().catch((error: unknown) => {
      if (isWanted) setStart({ phase: 'failed', error: error instanceof Error ? error : new Error() });
    });
    return () => {
      isWanted = false;
    };
  }, [api, attempt]);

  const again = (): void => {
    setStart({ phase: 'loading' });
    setAttempt(attempt + 1);
  };

  return (
    <IntlProvider locale={language.tag} messages={language.messages}>
      <QueryClientProvider client={queries}>
        <GlobalStyles />
        <PageStyles />
        <FailureBoundary>
          {start.phase === 'loading' && <Loading />}
          {start.phase === 'failed' && <CannotStart error={start.error} onAgain={again} />}
          {start.phase === 'ready' && <Pages api={api} state={start.state} firstChannelId={channelId} />}
        </FailureBoundary>
      </QueryClientProvider>
    </IntlProvider>
  );
}
