/**
 * A time that was chosen, where the user is.
 *
 * @param typed - As a date or time field holds it: `2026-03-01`, `2026-03-01T12:30`.
 * @returns ISO 8601, in UTC; `null` when it is no time, or none of the past.
 */
export function pastTime(typed: string, now: Date): string | null {
  // A date alone would be taken as one of UTC.
  const time = Date.parse(typed.includes('T') ? typed : `${typed}T00:00`);
  return Number.isNaN(time) || time >= now.getTime() ? null : new Date(time).toISOString();
}
