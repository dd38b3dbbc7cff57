import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../support/streams/pipeline.js';

describe('R14: names that are not acted on', () => {
  it('a hostile name is refused with a note on the row, once, not at every poll', () => {
    const pipeline = new Pipeline({ names: new Map([[7, 'a;reboot']]) });
    pipeline.at(0, () => pipeline.raise(7));
    pipeline.at(1000, () => pipeline.loseStream()).runTo(2_000_000);
    expect(pipeline.story(7)).toEqual(['2 refused', '4 noted']);
    expect(pipeline.restarts).toEqual([]);
    expect(pipeline.table.row(7)).toMatchObject({
      alarma: 1,
      notes: expect.stringMatching(/^REFUSED .* the name has characters outside/),
    });
  });

  it('one that a reconcile found is refused once as well', () => {
    const pipeline = new Pipeline({ names: new Map([[7, '*']]), eventAfterMs: () => 1e9 });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(10, () => pipeline.regainStream())
      .runTo(2_000_000);
    expect(pipeline.types(7)).toEqual(['refused', 'noted']);
    expect(pipeline.events[0]).toMatchObject({ remedy: expect.stringMatching(/^rename it in PROCESE/) });
  });

  it('is refused again where it is raised again, or goes and comes back', () => {
    const pipeline = new Pipeline({ names: new Map([[7, '*']]) });
    for (const at of [0, 10_000])
      pipeline.at(at, () => pipeline.raise(7)).at(at + 5000, () => pipeline.lower(7));
    pipeline.runTo(20_000);
    expect(pipeline.types(7).filter((type) => type === 'refused')).toHaveLength(2);
    pipeline
      .at(310_000, () => pipeline.loseStream())
      .at(320_000, () => pipeline.raise(7))
      .runTo(600_000);
    expect(pipeline.types(7).filter((type) => type === 'refused')).toHaveLength(3);
  });

  it('is refused again where its row was replaced while nobody looked', () => {
    const pipeline = new Pipeline({ names: new Map([[7, '*']]), eventAfterMs: () => 1e9 });
    pipeline.at(0, () => pipeline.raise(7)).at(10, () => pipeline.regainStream());
    pipeline.at(10_000, () => {
      pipeline.table.write(7, { alarma: 1, notes: null });
      pipeline.regainStream();
    });
    pipeline.runTo(600_000);
    expect(pipeline.types(7)).toEqual(['refused', 'noted', 'refused', 'noted']);
    expect(pipeline.table.row(7)).toMatchObject({ notes: expect.stringMatching(/^REFUSED/) });
  });

  it('another name under the same process_id is looked at anew', () => {
    const names = new Map<number, string | null>([[7, '*']]);
    const pipeline = new Pipeline({ names });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => names.set(7, 'p7'))
      .runTo(310_000);
    expect(pipeline.types(7)).toEqual([
      'refused',
      'noted',
      'detected',
      'attempt-started',
      'restarted',
      'verified',
      'cleared',
    ]);
  });

  it('R22: after a reload it is looked at anew', () => {
    const pipeline = new Pipeline({ names: new Map([[7, '*']]) });
    pipeline.at(0, () => pipeline.raise(7));
    pipeline.at(1000, () => {
      pipeline.suppressed.releaseAll();
      pipeline.reconcileRequests.next('reconnect');
    });
    pipeline.runTo(5000);
    expect(pipeline.types(7).filter((type) => type === 'refused')).toHaveLength(2);
  });

  it('an excluded process is told of once and left alone, without a note', () => {
    const pipeline = new Pipeline({ exclude: ['p7'] });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1000, () => pipeline.loseStream())
      .runTo(2_000_000);
    expect(pipeline.types(7)).toEqual(['excluded']);
    expect(pipeline.writes).toEqual([]);
  });
});

describe('R3: the name of a process', () => {
  it('may come later than the row change: it is looked for with patience', () => {
    const names = new Map<number, string | null>();
    const pipeline = new Pipeline({ names });
    pipeline
      .at(0, () => pipeline.raise(7))
      .at(1200, () => names.set(7, 'p7'))
      .runTo(5000);
    expect(pipeline.types(7)).toContain('cleared');
  });

  it('that is not there after 2 s makes the row refused', () => {
    const pipeline = new Pipeline({ names: new Map() });
    pipeline.at(0, () => pipeline.raise(7)).runTo(2_000_000);
    expect(pipeline.types(7)).toEqual(['refused', 'noted']);
    expect(pipeline.events[0]).toMatchObject({
      processName: 'process_id 7',
      reason: 'PROCESE has no row for process_id 7',
      at: 2010,
    });
  });

  it('a database that is away is waited for', () => {
    const pipeline = new Pipeline({ canRead: () => pipeline.now > 100_000 });
    pipeline.at(0, () => pipeline.raise(7)).runTo(200_000);
    expect(pipeline.types(7)).toContain('cleared');
  });

  it('a process of another host is nobody of ours', () => {
    const pipeline = new Pipeline({ names: new Map([[7, null]]) });
    pipeline.at(0, () => pipeline.raise(7)).runTo(2_000_000);
    expect(pipeline.events).toEqual([]);
    expect(pipeline.writes).toEqual([]);
  });
});
