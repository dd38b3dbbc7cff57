import { describe, expect, it } from 'vitest';
import { KnownNames, MAX_NAMES } from '../../../../../src/db/binlog/names/known-names.js';
import { isReached } from '../../../../../src/db/binlog/names/name-source.js';
import { readNameChanges } from '../../../../../src/db/binlog/names/read-name-changes.js';
import { type RowSignal, resolveNames } from '../../../../../src/db/binlog/names/resolve-names.js';

const known = (rows: Record<number, string> = { 1: 'old' }): KnownNames => {
  const names = new KnownNames(0);
  const reading = names.beginReading(2000);
  if (reading) names.adopt(reading, new Map(Object.entries(rows).map(([id, name]) => [Number(id), name])));
  return names;
};
const named = (processId: number, name: string | undefined, mayHideAlarms = false): RowSignal => ({
  kind: 'named',
  changes: [{ processId, name }],
  mayHideAlarms,
});
const raised = (processId: number): RowSignal => ({ kind: 'raised', processId, notes: null });

describe('R36: the names that are known', () => {
  it('come from a reading, and follow the binlog', () => {
    const names = known();
    expect(names.get(1)).toBe('old');
    names.onChange({ processId: 1, name: 'new' }, 2001);
    names.onChange({ processId: 2, name: 'two' }, 2001);
    expect([names.get(1), names.get(2)]).toEqual(['new', 'two']);
    names.onChange({ processId: 1, name: undefined }, 2002);
    expect(names.get(1)).toBeUndefined();
  });

  it('a reading overwrites nothing that the binlog told since it was begun, or just before', () => {
    const names = known();
    names.onChange({ processId: 1, name: 'before' }, 10_000);
    const reading = names.beginReading(10_500);
    names.onChange({ processId: 2, name: 'since' }, 10_600);
    names.onChange({ processId: 3, name: undefined }, 10_600);
    if (reading) names.adopt(reading, new Map([1, 2, 3, 4].map((id) => [id, 'read'])));
    expect([1, 2, 3, 4].map((id) => names.get(id))).toEqual(['before', 'since', undefined, 'read']);
  });

  it('what was told long before a reading, and is different in it, was kept out of the binlog', () => {
    const names = known();
    names.onChange({ processId: 1, name: 'told' }, 10_000);
    const reading = names.beginReading(12_000);
    if (reading) names.adopt(reading, new Map([[1, 'read']]));
    expect(names.get(1)).toBe('read');
  });

  it('a hidden change forgets all of them, and a reading that may not have seen it', () => {
    const names = known();
    const reading = names.beginReading(10_000);
    names.forgetAll(10_001);
    if (reading) names.adopt(reading, new Map([[1, 'read']]));
    expect(names.get(1)).toBeUndefined();
    expect(names.beginReading(12_000)).toBeUndefined();
    expect(names.beginReading(12_001)).toBeDefined();
  });

  it('are so many at most', () => {
    const names = known();
    for (let id = 1; id <= MAX_NAMES + 10; id += 1) names.onChange({ processId: id, name: `p${id}` }, 2001);
    expect(names.size).toBe(MAX_NAMES);
    names.onChange({ processId: 1, name: 'one' }, 2001);
    expect(names.get(1)).toBe('one');
  });
});

describe('R36: a transaction', () => {
  it('gives its alarms the names that it leaves behind', () => {
    const names = known();
    expect(resolveNames([named(1, 'new'), raised(1), raised(7)], names, 3000)).toEqual([
      { kind: 'renamed', renaming: { processId: 1, processName: 'new' } },
      { ...raised(1), processName: 'new' },
      raised(7),
    ]);
  });

  it('with a hidden change gives none, and forgets all', () => {
    const names = known({ 1: 'old', 2: 'two' });
    const hidden: RowSignal = { kind: 'hidden', namesTable: true };
    expect(resolveNames([named(1, 'new'), raised(1), hidden], names, 3000)).toEqual([
      { kind: 'renamed', renaming: { processId: 1 } },
      { ...raised(1), nameDoubtedForMs: 100 },
      hidden,
    ]);
    expect([names.get(1), names.get(2)]).toEqual([undefined, undefined]);
  });

  it('R3: that changes a name which must be looked up says for how long an older one may be found', () => {
    const names = known();
    expect(resolveNames([named(1, undefined), raised(1), raised(7)], names, 3000)).toEqual([
      { kind: 'renamed', renaming: { processId: 1 } },
      { ...raised(1), nameDoubtedForMs: 100 },
      raised(7),
    ]);
    expect(resolveNames([raised(1)], names, 3040)).toEqual([{ ...raised(1), nameDoubtedForMs: 60 }]);
    expect(resolveNames([raised(1)], names, 3100)).toEqual([raised(1)]);
  });

  it('with a DELETE makes the service read the table, and keeps the other names', () => {
    const names = known({ 1: 'old', 2: 'two' });
    expect(resolveNames([named(1, undefined, true)], names, 3000)).toEqual([
      { kind: 'hidden', namesTable: true, concerns: [1] },
      { kind: 'renamed', renaming: { processId: 1 } },
    ]);
    expect([names.get(1), names.get(2)]).toEqual([undefined, 'two']);
  });
});

describe('R36: a row change of PROCESE', () => {
  const row = (id: unknown, name: unknown) => ({ process_id: id, process_name: name });
  it.each([
    ['INSERT', undefined, row(1, 'a'), [{ processId: 1, name: 'a' }], false],
    [
      'a name that is not plain ASCII',
      undefined,
      row(1, 'größe'),
      [{ processId: 1, name: undefined }],
      false,
    ],
    ['a name in bytes', undefined, row(1, Buffer.from('a')), [{ processId: 1, name: undefined }], false],
    ['UPDATE', row(1, 'a'), row(1, 'b'), [{ processId: 1, name: 'b' }], false],
    ['an image without the name', { process_id: 1 }, { note: 'x' }, [], false],
    ['MINIMAL', { process_id: 1 }, { process_name: 'b' }, [{ processId: 1, name: 'b' }], false],
    ['DELETE', row(1, 'a'), undefined, [{ processId: 1, name: undefined }], true],
    [
      'another process_id',
      row(1, 'a'),
      row(2, 'a'),
      [
        { processId: 1, name: undefined },
        { processId: 2, name: undefined },
      ],
      true,
    ],
  ])('%s', (_, before, after, changes, mayHideAlarms) => {
    expect(readNameChanges(before, after, undefined)).toEqual({ changes, mayHideAlarms });
  });

  it('whose process cannot be told hides the names', () => {
    expect(readNameChanges(row('x', 'a'), row('x', 'b'), undefined)).toBeUndefined();
    expect(readNameChanges(undefined, { process_name: 'b' }, undefined)).toBeUndefined();
  });

  it('that may be of another host is asked for', () => {
    expect(readNameChanges(row(1, 'a'), row(1, 'b'), 'web1')?.changes).toEqual([
      { processId: 1, name: undefined },
    ]);
  });
});

describe('R36: a place in the binlog', () => {
  const at = (file: string, position: number) => ({ file, position });
  it.each([
    ['the same', at('binlog.000002', 500), true],
    ['behind it', at('binlog.000002', 501), true],
    ['in a later file', at('binlog.000010', 4), true],
    ['before it', at('binlog.000002', 499), false],
    ['in an earlier file', at('binlog.000001', 9999), false],
  ])('is reached: %s', (_, now, reached) => {
    expect(isReached(at('binlog.000002', 500), now)).toBe(reached);
  });
});
