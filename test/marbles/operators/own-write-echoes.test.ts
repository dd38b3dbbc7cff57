import { describe, expect, it } from 'vitest';
import { type OwnChange, OwnWriteEchoes } from '../../../src/operators/own-write-echoes.js';
import { marbles } from '../../support/marbles.js';

/** Expects a write and records what its echo does. */
function expectWrite(echoes: OwnWriteEchoes, change: OwnChange, notes: string): string[] {
  const seen: string[] = [];
  echoes.expect(change, notes).subscribe({
    next: () => seen.push('seen'),
    complete: () => seen.push('complete'),
  });
  return seen;
}

/** The echoes of a cycle that cleared with these notes and saw none of its clears come back. */
function clearedWith(...notes: readonly string[]): OwnWriteEchoes {
  const echoes = new OwnWriteEchoes();
  for (const text of notes) echoes.expect('lowered', text);
  return echoes;
}

describe('OwnWriteEchoes (R12)', () => {
  it('recognises a write by its change and its notes, and nothing else', () => {
    const echoes = new OwnWriteEchoes();
    const seen = expectWrite(echoes, 'lowered', 'restarted');
    expect(echoes.isEcho('lowered', 'by hand')).toBe(false);
    expect(echoes.isEcho('raised', 'restarted')).toBe(false);
    expect(seen).toEqual([]);
    expect(echoes.isEcho('lowered', 'restarted')).toBe(true);
    expect(seen).toEqual(['seen', 'complete']);
  });

  it('a row without notes is the echo of no write', () => {
    const echoes = new OwnWriteEchoes();
    for (const notes of ['', 'null', 'undefined']) echoes.expect('lowered', notes);
    expect(echoes.isEcho('lowered', null)).toBe(false);
  });

  it('knows no echo before the first write', () => {
    const echoes = new OwnWriteEchoes();
    echoes.seeAll();
    echoes.forget('lowered', 'restarted');
    expect(echoes.isEcho('lowered', 'restarted')).toBe(false);
  });

  it('a clear is recognised as often as it comes back, a raise only once', () => {
    const echoes = new OwnWriteEchoes();
    echoes.expect('lowered', 'restarted');
    echoes.expect('raised', 'not healthy');
    const both = () => [echoes.isEcho('lowered', 'restarted'), echoes.isEcho('raised', 'not healthy')];
    expect(both()).toEqual([true, true]);
    expect(both()).toEqual([true, false]);
  });

  it('the second sending of a write, after its answer was lost, has the echo of the first', () => {
    marbles(({ expectObservable }) => {
      const echoes = new OwnWriteEchoes();
      const first = echoes.expect('lowered', 'restarted');
      echoes.isEcho('lowered', 'restarted');
      expectObservable(first).toBe('(s|)', { s: undefined });
      expectObservable(echoes.expect('lowered', 'restarted')).toBe('(s|)', { s: undefined });
    });
  });

  it('a write that is forgotten has no echo any more, the others do', () => {
    const echoes = new OwnWriteEchoes();
    const forgotten = expectWrite(echoes, 'lowered', 'restarted');
    echoes.expect('raised', 'restarted');
    echoes.forget('lowered', 'restarted');
    expect(echoes.isEcho('lowered', 'restarted')).toBe(false);
    expect(echoes.isEcho('raised', 'restarted')).toBe(true);
    expect(forgotten).toEqual([]);
  });

  it('a statement without notes counts for every write', () => {
    const echoes = new OwnWriteEchoes();
    const seen = [expectWrite(echoes, 'lowered', 'one'), expectWrite(echoes, 'raised', 'two')];
    echoes.seeAll();
    expect(seen).toEqual([
      ['seen', 'complete'],
      ['seen', 'complete'],
    ]);
    expect(echoes.isEcho('raised', 'two')).toBe(false);
  });
});

describe('OwnWriteEchoes of the cycle before (R12)', () => {
  it('its writes that have not come back may still come', () => {
    const before = clearedWith('late', 'in time');
    before.isEcho('lowered', 'in time');
    const echoes = new OwnWriteEchoes(before, 'raised by a tool');
    expect(echoes.isEcho('lowered', 'late')).toBe(true);
    expect(echoes.isEcho('lowered', 'in time')).toBe(false);
  });

  it('not the clear whose notes the alarm of this cycle was raised over: it came before the alarm', () => {
    const before = clearedWith('restarted');
    expect(new OwnWriteEchoes(before, 'restarted').isEcho('lowered', 'restarted')).toBe(false);
    expect(new OwnWriteEchoes(before, null).isEcho('lowered', 'restarted')).toBe(true);
    const raised = new OwnWriteEchoes();
    raised.expect('raised', 'restarted');
    expect(new OwnWriteEchoes(raised, 'restarted').isEcho('raised', 'restarted')).toBe(true);
  });

  it('a clear without notes is overwritten by an alarm without notes', () => {
    expect(new OwnWriteEchoes(clearedWith(''), null).isEcho('lowered', '')).toBe(false);
  });

  it('a write of this cycle with the same notes is the same write', () => {
    const before = new OwnWriteEchoes();
    const seen = expectWrite(before, 'lowered', 'restarted');
    const echoes = new OwnWriteEchoes(before);
    expectWrite(echoes, 'lowered', 'restarted');
    expect(echoes.isEcho('lowered', 'restarted')).toBe(true);
    expect(seen).toEqual(['seen', 'complete']);
  });

  it('only the latest 8 are remembered, over any number of cycles without a stream', () => {
    const notes = Array.from({ length: 20 }, (_, index) => `clear ${index}`);
    let echoes = new OwnWriteEchoes();
    for (const text of notes) {
      echoes = new OwnWriteEchoes(echoes);
      echoes.expect('lowered', text);
    }
    const next = new OwnWriteEchoes(echoes);
    expect(notes.filter((text) => next.isEcho('lowered', text))).toEqual(notes.slice(-8));
  });
});
