import { expect, it, vi } from 'vitest';
import { LoginAttempts } from '../../../src/web/login/login-attempts.js';

it('a client waits longer after each wrong password, up to a minute', () => {
  let now = 0;
  const attempts = new LoginAttempts(() => now);
  const waits = [];
  for (let count = 1; count <= 9; count += 1) {
    expect(attempts.begin('a')).toBe(0);
    expect(attempts.wrong('a')).toBe(count);
    const wait = attempts.begin('a');
    waits.push(wait / 1000);
    now += wait - 1;
    expect(attempts.begin('a')).toBe(1);
    now += 1;
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  // Nobody else waits for it.
  expect(attempts.begin('b')).toBe(0);
  expect(attempts.begin('a')).toBe(0);
  expect(attempts.right('a')).toBe(9);
  expect(attempts.begin('a')).toBe(0);
});

it('one password of a client is checked at a time', () => {
  const attempts = new LoginAttempts(() => 0);
  expect(attempts.begin('a')).toBe(0);
  expect(attempts.begin('a')).toBe(1000);
  attempts.drop('a');
  expect(attempts.begin('a')).toBe(0);
});

it('an hour without a wrong password is forgiven', () => {
  let now = 0;
  const attempts = new LoginAttempts(() => now);
  for (let count = 1; count <= 3; count += 1) {
    now += attempts.begin('a');
    attempts.drop('a');
    attempts.begin('a');
    attempts.wrong('a');
  }
  now += 4000 + 3_600_001;
  expect(attempts.begin('a')).toBe(0);
  expect(attempts.wrong('a')).toBe(1);
});

it('no number of clients takes more memory: those seen longest ago are forgotten', () => {
  const attempts = new LoginAttempts(() => 0);
  attempts.begin('first');
  attempts.wrong('first');
  for (let client = 0; client < 1000; client += 1) attempts.begin(`10.0.0.${client}`);
  expect(attempts.begin('first')).toBe(0);
});

it('nobody waits longer because the clock of the host is set back', () => {
  vi.useFakeTimers({ toFake: ['Date', 'hrtime'] });
  try {
    const attempts = new LoginAttempts();
    attempts.begin('a');
    attempts.wrong('a');
    vi.setSystemTime(Date.now() - 86_400_000);
    expect(attempts.begin('a')).toBe(1000);
  } finally {
    vi.useRealTimers();
  }
});
