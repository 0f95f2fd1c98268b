import { describe, expect, it } from 'vitest';
import { pastTime } from '../../src/admin/activity/past-time.js';

const NOW = new Date(2025, 10, 3, 9, 30);

describe('a time of the past', () => {
  it('is a day from its beginning on, where the user is', () => {
    expect(pastTime('2025-11-03', NOW)).toBe(new Date(2025, 10, 3).toISOString());
  });

  it('is a minute, where the user is', () => {
    expect(pastTime('2025-11-03T09:29', NOW)).toBe(new Date(2025, 10, 3, 9, 29).toISOString());
  });

  it.each(['', '2025-11-03T09:30', '2025-11-04', '2025-13-01', 'yesterday'])('is not "%s"', (typed) => {
    expect(pastTime(typed, NOW)).toBeNull();
  });
});
