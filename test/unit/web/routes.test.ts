import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatRoute,
  historyRoute,
  parseRoute,
  processesRoute,
  type Route,
} from '../../../web/model/routes.js';

describe('the address of a view', () => {
  it('is short for what is usual', () => {
    expect(formatRoute({ view: 'overview' })).toBe('#/');
    expect(formatRoute(processesRoute())).toBe('#/processes');
    expect(formatRoute(historyRoute())).toBe('#/history');
    expect(formatRoute({ view: 'process', processId: 17 })).toBe('#/process/17');
  });

  it.each(['', '#', '#/', '#/nonsense', '#/process/', '#/process/x', '#/process/-1', '#/process/1e3'])(
    'leads to the overview if it is %j',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'overview' });
    },
  );

  it('takes the usual for a value that there is not', () => {
    expect(parseRoute('#/processes?state=x&sort=y&page=-3')).toEqual(processesRoute());
    expect(parseRoute('#/history?span=1000y')).toEqual(historyRoute());
  });

  it('never leads to another site after the login', () => {
    for (const to of ['https://example.com/', '//example.com', 'javascript:alert(1)', '#/login?to=x'])
      expect(parseRoute(`#/login?to=${encodeURIComponent(to)}`)).toEqual({ view: 'login', to: '#/' });
  });

  it('is read as it was written, whatever was searched for', () => {
    fc.assert(
      fc.property(route, (written) => {
        expect(parseRoute(formatRoute(written))).toEqual(written);
      }),
    );
  });
});

const text = fc.string({ unit: 'grapheme' });
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({
    view: fc.constant('processes' as const),
    search: text,
    state: fc.constantFrom('all', 'alarm', 'trouble', 'paused'),
    sort: fc.constantFrom('state', 'name'),
    page: fc.integer({ min: 1, max: 1000 }),
  }),
  fc.record({
    view: fc.constant('history' as const),
    process: text,
    verdict: text,
    trigger: text,
    span: fc.constantFrom('1h', '24h', '7d', 'all'),
  }),
  fc.record({ view: fc.constant('process' as const), processId: fc.nat() }),
  fc.record({
    view: fc.constant('login' as const),
    to: fc.constantFrom('#/', '#/process/3', '#/history?span=7d'),
  }),
);
