import { describe, expect, it } from 'vitest';
import {
  interpretRowChange,
  type RowImage,
  type RowMeaning,
} from '../../../../src/domain/alarm/interpret-row-change.js';

const NOTHING: RowMeaning = { kind: 'nothing' };
const UNUSABLE: RowMeaning = { kind: 'unusable' };
const unusable = (...processIds: number[]): RowMeaning => ({ kind: 'unusable', processIds });
const raised = (processId: number, notes: string | null = null): RowMeaning => ({
  kind: 'raised',
  processId,
  notes,
});
const lowered = (processId: number, notes: string | null = null): RowMeaning => ({
  kind: 'lowered',
  processId,
  notes,
});
const row = (alarma: unknown, more: RowImage = {}): RowImage => ({ process_id: 7, alarma, ...more });

type Case = [what: string, before: RowImage | undefined, after: RowImage | undefined, meaning: RowMeaning];

describe('R2: what an INSERT means', () => {
  it.each<Case>([
    ['alarma 1', undefined, row(1), raised(7)],
    ['alarma 1 with the word of the tool', undefined, row(1, { notes: 'disk full' }), raised(7, 'disk full')],
    ['alarma 0', undefined, row(0), NOTHING],
    ['alarma 2', undefined, row(2), NOTHING],
    ['alarma NULL', undefined, row(null), NOTHING],
    ['R4: no alarma in the image: the default may be 1', undefined, { process_id: 7 }, unusable(7)],
    ['R4: no process_id in the image', undefined, { alarma: 1 }, UNUSABLE],
    ['R4: process_id NULL', undefined, { process_id: null, alarma: 1 }, UNUSABLE],
    ['R4: an empty image', undefined, {}, UNUSABLE],
  ])('%s', (_, before, after, meaning) => {
    expect(interpretRowChange(before, after)).toEqual(meaning);
  });
});

describe('R2: what an UPDATE means', () => {
  it.each<Case>([
    ['0 to 1', row(0), row(1), raised(7)],
    ['2 to 1', row(2), row(1), raised(7)],
    ['NULL to 1', row(null), row(1), raised(7)],
    ['-1 to 1', row(-1), row(1), raised(7)],
    ['1 to 1', row(1), row(1), NOTHING],
    ['1 to 1 with other notes', row(1, { notes: 'a' }), row(1, { notes: 'b' }), NOTHING],
    ['0 to 0', row(0), row(0), NOTHING],
    ['0 to 2', row(0), row(2), NOTHING],
    ['NULL to 0', row(null), row(0), NOTHING],
    ['1 to 0', row(1), row(0, { notes: 'x' }), lowered(7, 'x')],
    ['1 to 2', row(1), row(2), lowered(7)],
    ['1 to NULL', row(1), row(null), lowered(7)],
  ])('full images: %s', (_, before, after, meaning) => {
    expect(interpretRowChange(before, after)).toEqual(meaning);
  });

  it.each<Case>([
    ['R4: alarma becomes 1 from nobody knows what', { process_id: 7 }, { alarma: 1 }, unusable(7)],
    [
      'R4: alarma becomes 1, and nobody knows whose row it was',
      { id: 3 },
      { process_id: 7, alarma: 1 },
      UNUSABLE,
    ],
    ['R4: no process_id anywhere', { id: 3 }, { alarma: 1 }, UNUSABLE],
    ['R4: process_id only in after', { alarma: 0 }, { process_id: 7, alarma: 1 }, raised(7)],
    ['process_id only in before', row(0), { alarma: 1 }, raised(7)],
    ['alarma becomes 0', { process_id: 7 }, { alarma: 0, notes: 'n' }, lowered(7, 'n')],
    ['only other columns', { process_id: 7 }, { notes: 'n', sound: 1 }, NOTHING],
    ['only other columns, before complete', row(1), { notes: 'n' }, NOTHING],
    ['an empty after', { process_id: 7 }, {}, NOTHING],
    ['R4: alarma NULL in before is a value', { process_id: 7, alarma: null }, { alarma: 1 }, raised(7)],
  ])('MINIMAL images: %s', (_, before, after, meaning) => {
    expect(interpretRowChange(before, after)).toEqual(meaning);
  });

  it.each<Case>([
    ['an alarm that stays 1 is new for the other process', row(1), row(1, { process_id: 8 }), raised(8)],
    ['0 to 1', row(0), row(1, { process_id: 8 }), raised(8)],
    ['1 to 0 is taken back from the one that had it', row(1), row(0, { process_id: 8 }), lowered(7)],
    ['0 to 0', row(0), row(0, { process_id: 8 }), NOTHING],
    ['R4: MINIMAL, the alarm may have come along', { process_id: 7 }, { process_id: 8 }, unusable(7, 8)],
    ['R4: MINIMAL, raised as well', { process_id: 7 }, { process_id: 8, alarma: 1 }, unusable(7, 8)],
    ['MINIMAL, the key written with its old value', { process_id: 7 }, { process_id: '7' }, NOTHING],
  ])('another process_id: %s', (_, before, after, meaning) => {
    expect(interpretRowChange(before, after)).toEqual(meaning);
  });
});

describe('R2: what a DELETE means', () => {
  it.each<Case>([
    ['a standing alarm', row(1, { notes: 'n' }), undefined, lowered(7, 'n')],
    ['no alarm', row(0), undefined, NOTHING],
    ['alarma NULL', row(null), undefined, NOTHING],
    ['MINIMAL: it may have stood', { process_id: 7 }, undefined, lowered(7)],
    ['R4: no process_id', { alarma: 1 }, undefined, UNUSABLE],
    ['R4: no image at all', undefined, undefined, UNUSABLE],
  ])('%s', (_, before, after, meaning) => {
    expect(interpretRowChange(before, after)).toEqual(meaning);
  });
});

describe('R2: the types in which columns come', () => {
  it.each<[what: string, one: unknown]>([
    ['a number', 1],
    ['a string (CHAR, DECIMAL)', '1'],
    ['a DECIMAL with places', '1.00'],
    ['a bigint', 1n],
    ['a boolean', true],
    ['the byte of a BIT(1)', Buffer.from([1])],
    ['the bytes of a BIT(16)', Buffer.from([0, 1])],
    ['text of a BINARY(1)', Buffer.from('1')],
    ['text of a BINARY(2), padded by the server', Buffer.from('1\0')],
  ])('alarma 1 as %s raises', (_, one) => {
    expect(interpretRowChange(row(0), row(one))).toEqual(raised(7));
    expect(interpretRowChange(row(one), row(one))).toEqual(NOTHING);
    expect(interpretRowChange(row(one), undefined)).toEqual(lowered(7));
  });

  it.each<[what: string, other: unknown]>([
    ['0', 0],
    ['"0"', '0'],
    ['""', ''],
    ['"y"', 'y'],
    ['0n', 0n],
    ['false', false],
    ['undefined', undefined],
    ['an empty Buffer', Buffer.alloc(0)],
    ['BIT 0', Buffer.from([0])],
    ['BIT 2', Buffer.from([2])],
    ['BIT(16) 257', Buffer.from([1, 1])],
    ['text "0" of a BINARY', Buffer.from('0')],
    ['an object', {}],
  ])('alarma %s does not raise', (_, other) => {
    expect(interpretRowChange(undefined, row(other))).toEqual(NOTHING);
    expect(interpretRowChange(row(other), row(1))).toEqual(raised(7));
  });

  it.each<[what: string, id: unknown, meaning: RowMeaning]>([
    ['a string', '12', raised(12)],
    ['a bigint', 12n, raised(12)],
    ['a negative number', -3, raised(-3)],
    ['0', 0, raised(0)],
    ['R4: a string beyond what a number can hold', '9007199254740993', UNUSABLE],
    ['R4: no number', 'abc', UNUSABLE],
    ['R4: a fraction', 1.5, UNUSABLE],
  ])('process_id as %s', (_, id, meaning) => {
    expect(interpretRowChange(undefined, { process_id: id, alarma: 1 })).toEqual(meaning);
  });

  it.each<[what: string, notes: unknown, text: string | null]>([
    ['text', 'n', 'n'],
    ['a Buffer', Buffer.from('disc plín'), 'disc plín'],
    ['NULL', null, null],
    ['a number', 5, null],
    ['absent', undefined, null],
  ])('notes as %s', (_, notes, text) => {
    expect(interpretRowChange(undefined, row(1, { notes }))).toEqual(raised(7, text));
  });
});
