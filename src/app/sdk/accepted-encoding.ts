/** How the SDK's files can come, the smallest first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;

/** One of {@link ENCODINGS}. */
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The smallest form of a file that a client takes. Without a header it comes as it is, as it does where nothing is taken: that is
 * better than no answer.
 *
 * Source: RFC 9110, 12.5.3 "Accept-Encoding". Among what a client takes, we choose and not its weights: whatever it is sent, it
 * unpacks to the same.
 *
 * @param header - `br;q=1.0, gzip, *;q=0`
 */
export function acceptedEncoding(header: string | undefined): Encoding {
  const weights = new Map(
    (header ?? '')
      .toLowerCase()
      .split(',')
      .map((one) => {
        const [name = '', ...parameters] = one.split(';').map((part) => part.trim());
        const q = parameters.find((parameter) => parameter.startsWith('q='));
        // A weight that is none counts as none at all.
        return [name === 'x-gzip' ? 'gzip' : name, q === undefined ? 1 : Number(q.slice(2)) || 0];
      }),
  );
  return ENCODINGS.find((encoding) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0) ?? 'identity';
}
