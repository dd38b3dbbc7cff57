import { expect, it } from 'vitest';
import { isListOutdated } from '../../../web/model/is-list-outdated.js';

const ALL = { state: 'all', sort: 'name' } as const;
const READ = { isCut: false, total: 3, isLoading: false };

it('a list of all processes by name is read again only if not all was told, or while it is being read', () => {
  expect(isListOutdated(ALL, READ)).toBe(false);
  expect(isListOutdated(ALL, { ...READ, isCut: true })).toBe(true);
  expect(isListOutdated(ALL, { ...READ, total: 0 })).toBe(true);
  expect(isListOutdated(ALL, { ...READ, isLoading: true })).toBe(true);
});

it('one of some states, or in their order, is read again', () => {
  expect(isListOutdated({ ...ALL, state: 'alarm' }, READ)).toBe(true);
  expect(isListOutdated({ ...ALL, sort: 'state' }, READ)).toBe(true);
});
