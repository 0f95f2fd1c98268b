import type { Draft } from '../draft.js';
import type { FailedAnswer, RegionsAnswer, RegionsBody, StateAnswer } from '../page-builder-api.js';

/** Page Builder's server. Each call rejects with the server's own words where it says no. */
export interface Api {
  state(): Promise<StateAnswer>;
  /** Renders a page's widgets with a draft that need not be saved. */
  regions(body: RegionsBody): Promise<RegionsAnswer>;
  save(draft: Draft): Promise<StateAnswer>;
  publish(draft: Draft): Promise<StateAnswer>;
}

/** The server, for one channel. */
export function createApi(channelId: string): Api {
  return {
    state: () => call('GET', 'state'),
    regions: (body) => call('POST', 'regions', body),
    save: (draft) => call('PUT', 'draft', draft),
    publish: (draft) => call('POST', 'publish', draft),
  };

  async function call<Answer>(method: string, name: string, body?: object): Promise<Answer> {
    const response = await fetch(`/manage/page-builder/api/${name}?${new URLSearchParams({ channelId })}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (response.ok) return response.json();
    const { message }: FailedAnswer = await response.json();
    throw new Error(message);
  }
}
