import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Breaker } from '../../../src/domain/cycle/circuit-breaker.js';
import { EMPTY_STATE, formatState, parseState } from '../../../src/state/saved-state.js';

const whole = fc.nat();
const breaker: fc.Arbitrary<Breaker> = fc.oneof(
  fc.record({ state: fc.constant('closed' as const), generation: whole, failures: whole }),
  fc.record({
    state: fc.constant('open' as const),
    generation: whole,
    failures: whole,
    openings: whole,
    openedAt: fc.integer({ min: 0, max: 8_640_000_000_000 }),
  }),
  fc.record({
    state: fc.constant('half-open' as const),
    generation: whole,
    failures: whole,
    openings: whole,
    onTrial: fc.constant(false),
  }),
);
const state = fc.record({
  breakers: fc.dictionary(fc.integer().map(String), breaker),
  restarts: fc.uniqueArray(fc.tuple(fc.string(), fc.array(whole)), { selector: ([name]) => name }),
  verified: fc.dictionary(fc.integer().map(String), whole),
  unproven: fc.dictionary(fc.integer().map(String), whole),
  unconfirmed: fc.dictionary(fc.integer().map(String), whole),
  pauses: fc.array(
    fc.record(
      { processName: fc.string(), since: whole, until: whole, by: fc.string(), reason: fc.string() },
      { requiredKeys: ['since', 'by'] },
    ),
  ),
  answered: fc.array(fc.integer()),
  names: fc.dictionary(fc.integer().map(String), fc.string()),
});
const toMap = <T>(entries: Record<string, T>): Map<number, T> =>
  new Map(Object.entries(entries).map(([id, value]) => [Number(id), value]));

describe('saved state', () => {
  it('R11: reads back whatever it wrote', () => {
    fc.assert(
      fc.property(
        state,
        ({ breakers, restarts, verified, unproven, pauses, answered, unconfirmed, names }) => {
          const saved = {
            breakers: toMap(breakers),
            restarts: new Map(restarts),
            verified: toMap(verified),
            unproven: toMap(unproven),
            pauses,
            answered,
            unconfirmed: toMap(unconfirmed),
            names: toMap(names),
          };
          expect(parseState(formatState(saved))).toEqual(saved);
        },
      ),
    );
  });

  it('R11: gives the one cycle of a half-open breaker back that died with the service', () => {
    const onTrial: Breaker = { state: 'half-open', generation: 4, failures: 3, openings: 1, onTrial: true };
    const read = parseState(formatState({ ...EMPTY_STATE, breakers: new Map([[7, onTrial]]) }));
    expect(read.breakers.get(7)).toEqual({ ...onTrial, onTrial: false });
  });

  it('R11: takes a file of before there were pauses', () => {
    expect(parseState('{"version":1,"circuits":{},"verified":{}}')).toEqual(EMPTY_STATE);
  });

  it('R11, R34: takes a breaker of before openings were counted as one that opened once', () => {
    const old =
      '{"version":1,"circuits":{"7":{"state":"open","generation":1,"failures":3,"openedAt":5}},"verified":{}}';
    expect(parseState(old).breakers.get(7)).toEqual({
      state: 'open',
      generation: 1,
      failures: 3,
      openings: 1,
      openedAt: 5,
    });
  });

  it('R11: takes no file that is cut off, at whatever byte', () => {
    const text = formatState({
      breakers: new Map([
        [1, { state: 'open', generation: 1, failures: 3, openings: 1, openedAt: 1_790_000_000_000 }],
      ]),
      restarts: new Map([['nginx', [1_790_000_000_000]]]),
      verified: new Map([[2, 1_790_000_000_000]]),
      unproven: new Map([[4, 1_790_000_000_000]]),
      pauses: [],
      answered: [],
      unconfirmed: new Map([[3, 1_790_000_000_000]]),
      names: new Map([[1, 'httpd']]),
    }).trimEnd();
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parseState(text.slice(0, length))).toThrow();
    }
  });

  it.each([
    ['a later version', '{"version":2,"circuits":{},"verified":{}}'],
    ['another program', '{"hello":"world"}'],
    ['an unknown state', '{"version":1,"circuits":{"1":{"state":"ajar","generation":1}},"verified":{}}'],
    ['a time that is none', '{"version":1,"circuits":{},"verified":{"1":"yesterday"}}'],
    ['a key that is no process_id', '{"version":1,"circuits":{},"verified":{"__proto__x":1}}'],
    ['a pause without an author', '{"version":1,"circuits":{},"verified":{},"pauses":[{"since":1}]}'],
    ['null', 'null'],
  ])('R11: takes no file of %s', (_, text) => {
    expect(() => parseState(text)).toThrow();
  });
});
