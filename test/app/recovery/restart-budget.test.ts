import { expect, it } from 'vitest';

import { mayRestart, RESTART_LIMIT, RESTART_WINDOW_MS } from '../../../app/recovery/restart-budget.ts';

it('fills up and empties again after its window', () => {
  const failures = Array.from({ length: RESTART_LIMIT + 1 }, (_, i) => i * 1_000);
  expect(mayRestart(failures.slice(1), 5_000)).toBe(true);
  expect(mayRestart(failures, 5_000)).toBe(false);
  expect(mayRestart(failures, RESTART_WINDOW_MS - 1)).toBe(false);
  expect(mayRestart(failures, RESTART_WINDOW_MS)).toBe(true);
});
