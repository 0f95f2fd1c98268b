import { useMemo } from 'react';
import { useIntl } from 'react-intl';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** Times and numbers, as the user's language writes them. */
export interface Formats {
  /** A time, to the minute. */
  when(iso: string): string;
  /** The day of a time, as it is where the user is. */
  day(iso: string): string;
  /** A day of UTC, short: `2026-03-01`. */
  utcDay(day: string): string;
  /** How long something takes, in its largest unit. */
  age(seconds: number): string;
  /** How long a call took: to the millisecond, or to the tenth of a second from one second on. */
  duration(ms: number): string;
  count(count: number): string;
}

/** See {@link Formats}. */
export function useFormats(): Formats {
  const intl = useIntl();
  return useMemo(() => {
    const unit = (value: number, name: string): string =>
      intl.formatNumber(value, { style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: 0 });
    return {
      when: (iso) => intl.formatDate(iso, { dateStyle: 'medium', timeStyle: 'short' }),
      day: (iso) => intl.formatDate(iso, { dateStyle: 'medium' }),
      utcDay: (day) => intl.formatDate(day, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
      age(seconds) {
        if (seconds < MINUTE_SECONDS) return unit(Math.max(Math.floor(seconds), 0), 'second');
        if (seconds < HOUR_SECONDS) return unit(Math.floor(seconds / MINUTE_SECONDS), 'minute');
        if (seconds < 2 * DAY_SECONDS) return unit(Math.floor(seconds / HOUR_SECONDS), 'hour');
        return unit(Math.floor(seconds / DAY_SECONDS), 'day');
      },
      duration(ms) {
        const [value, name] = ms < 1_000 ? [ms, 'millisecond'] : [ms / 1_000, 'second'];
        return intl.formatNumber(value, {
          style: 'unit',
          unit: name,
          unitDisplay: 'short',
          maximumFractionDigits: 1,
        });
      },
      count: (count) => intl.formatNumber(count),
    };
  }, [intl]);
}
