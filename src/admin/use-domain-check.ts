import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { DomainCheckAnswer } from '../catalog/admin-api.js';
import type { Api } from './api.js';

const DEBOUNCE_MS = 500;

/** What is known of a program domain that is being typed. */
export interface DomainCheck {
  readonly state: 'none' | 'checking' | 'failed' | 'answered';
  readonly answer: DomainCheckAnswer | undefined;
  again(): void;
}

/** No host name is as long, and the app takes no longer text. */
const MAX_LENGTH = 300;
const NO_HOST: DomainCheckAnswer = { problem: 'not-a-host-name', host: null, storefrontOrigin: null };

/** Has a program domain looked at once nobody types for half a second. A check that is outdated is called off. */
export function useDomainCheck(api: Api, channelId: number, typed: string): DomainCheck {
  const domain = typed.trim();
  const [asked, setAsked] = useState(domain);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(domain), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [domain]);

  const { data, isFetching, isError, refetch } = useQuery({
    queryKey: ['program-domain', channelId, asked],
    queryFn: ({ signal }) => api.checkProgramDomain(asked, channelId, signal),
    enabled: asked !== '' && asked === domain && asked.length <= MAX_LENGTH,
    staleTime: 30_000,
  });
  const again = (): void => void refetch();

  if (domain === '') return { state: 'none', answer: undefined, again };
  if (asked !== domain || isFetching) return { state: 'checking', answer: undefined, again };
  if (domain.length > MAX_LENGTH) return { state: 'answered', answer: NO_HOST, again };
  return { state: isError ? 'failed' : 'answered', answer: data, again };
}
