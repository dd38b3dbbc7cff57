import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../../../src/domain/cycle/process-settings.js';
import { Pipeline } from '../../support/streams/pipeline.js';
import { HEALTHY, SETTINGS, UNHEALTHY, type WorldOptions } from '../../support/streams/world-options.js';

/** One place; process 1 holds it until 5 s. */
function queued(options: WorldOptions = {}): Pipeline {
  const pipeline: Pipeline = new Pipeline({
    maxParallel: 1,
    restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 5000 : 10 }),
    ...options,
  });
  return pipeline.at(0, () => pipeline.raise(1)).at(10, () => pipeline.raise(2));
}

describe('R8: at most max_parallel_restarts', () => {
  it('the rest waits in order of arrival', () => {
    const pipeline = new Pipeline({ maxParallel: 2, restart: () => ({ takesMs: 1000 }) });
    for (const id of [5, 3, 4, 1, 2]) pipeline.at(10 - id, () => pipeline.raise(id));
    pipeline.runTo(20_000);
    expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([5, 4, 3, 2, 1]);
    expect(pipeline.restarts.map(({ from }) => from)).toEqual([7, 8, 1008, 1009, 2009]);
    expect(pipeline.table.standing()).toEqual([]);
  });

  it('two rows of one system name do not run at once, and hold back nobody', () => {
    const nginx = { ...SETTINGS, systemName: 'nginx' };
    const pipeline = new Pipeline({
      maxParallel: 2,
      names: new Map([
        [1, 'web'],
        [2, 'www'],
        [3, 'cron'],
      ]),
      sections: new Map([
        ['web', nginx],
        ['www', nginx],
      ]),
      restart: () => ({ takesMs: 1000 }),
    });
    for (const id of [1, 2, 3]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(20_000);
    expect(pipeline.restarts.map(({ systemName, from }) => `${systemName} ${from}`)).toEqual([
      'nginx 3',
      'cron 5',
      'nginx 1004',
    ]);
  });

  it('a unit by its short name and by its whole name is one thing', () => {
    const pipeline = new Pipeline({
      maxParallel: 2,
      names: new Map([
        [1, 'nginx'],
        [2, 'nginx.service'],
      ]),
      restart: () => ({ takesMs: 1000 }),
    });
    for (const id of [1, 2]) pipeline.at(id, () => pipeline.raise(id));
    pipeline.runTo(20_000);
    expect(pipeline.restarts.map(({ systemName, from }) => `${systemName} ${from}`)).toEqual([
      'nginx 3',
      'nginx.service 1004',
    ]);
  });

  it('an alarm that was taken back in the queue restarts nothing', () => {
    const pipeline = queued();
    pipeline.at(3000, () => pipeline.lower(2)).runTo(20_000);
    expect(pipeline.types(2)).toEqual(['detected', 'withdrawn']);
    expect(pipeline.restarts).toHaveLength(1);
  });
});

describe('R3, R8: more than 2 s in the queue', () => {
  it('the row is read again; one that was cleared unseen restarts nothing', () => {
    const pipeline = queued({ eventAfterMs: () => (pipeline.now < 1000 ? 1 : 1e9) });
    pipeline.at(3000, () => pipeline.lower(2)).runTo(20_000);
    expect(pipeline.types(2)).toEqual(['detected', 'withdrawn']);
  });

  it('one that stands is restarted', () => {
    const pipeline = queued();
    pipeline.runTo(20_000);
    expect(pipeline.types(2)).toContain('cleared');
    expect(pipeline.reads).toContain(5003);
  });

  it.each([-10, -6, -3, 0])(
    'R3: one that was lowered and raised again is restarted, also if the reading cannot see the raise yet (%i ms)',
    (ms) => {
      const pipeline = queued({ visibleAfterMs: () => 11, showsChanges: false });
      pipeline
        .at(4980, () => pipeline.lower(2))
        .at(5003 + ms, () => pipeline.raise(2))
        .runTo(20_000);
      expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([1, 2]);
      expect(pipeline.table.standing()).toEqual([]);
    },
  );

  it.each([5080, 5085, 5090, 5095])(
    'R7: one that is raised again while its row is read is restarted, and not only checked (%i ms)',
    (at) => {
      const pipeline = queued({ readMs: () => 50, showsChanges: false });
      pipeline
        .at(4980, () => pipeline.table.write(2, { alarma: 0 }, false, true))
        .at(at, () => pipeline.raise(2))
        .runTo(20_000);
      expect(pipeline.types(2).slice(0, 3)).toEqual(['detected', 'attempt-started', 'restarted']);
      expect(pipeline.table.standing()).toEqual([]);
    },
  );

  it('none is read where the binlog has shown all that happened since the alarm was seen', () => {
    const pipeline = queued({ maxParallel: 1, restart: () => ({ takesMs: 1900 }) });
    for (const id of [3, 4, 5]) pipeline.at(20, () => pipeline.raise(id));
    pipeline.runTo(20_000);
    expect(pipeline.table.standing()).toEqual([]);
    expect(pipeline.restarts).toHaveLength(5);
    expect(pipeline.reads.filter((at) => at > 30)).toEqual([]);
  });

  it.each(['hidden', 'streaming'] as const)('but all are after a change that may be %s', (kind) => {
    const pipeline = queued({ maxParallel: 1, restart: () => ({ takesMs: 1900 }) });
    for (const id of [3, 4, 5]) pipeline.at(20, () => pipeline.raise(id));
    pipeline.at(30, () => pipeline.stream.next(kind === 'hidden' ? { kind, namesTable: false } : { kind }));
    pipeline.runTo(3000);
    const reads = pipeline.reads.length;
    pipeline.runTo(20_000);
    // The rows and the names of processes 3, 4 and 5, whose wait was longer than 2 s.
    expect(pipeline.reads.slice(reads)).toHaveLength(6);
  });

  it('and only those that it concerns, if it says so', () => {
    const pipeline = queued({ maxParallel: 1, restart: () => ({ takesMs: 1900 }) });
    for (const id of [3, 4, 5]) pipeline.at(20, () => pipeline.raise(id));
    pipeline.at(30, () => pipeline.stream.next({ kind: 'hidden', namesTable: true, concerns: [4] }));
    pipeline.runTo(3000);
    const reads = pipeline.reads.length;
    pipeline.runTo(20_000);
    expect(pipeline.reads.slice(reads)).toHaveLength(1);
    expect(pipeline.restarts).toHaveLength(5);
  });

  it.each([0, 11])(
    'an alarm that a hidden change has lowered, and a reading right after it finds, restarts nothing (visible after %i ms)',
    (visibleAfterMs) => {
      const pipeline = queued({ visibleAfterMs: () => visibleAfterMs });
      pipeline
        .at(1000, () => pipeline.raiseUnlogged(3))
        // As ON DELETE CASCADE does: the row change is not in the binlog, the statement is.
        .at(2000, () => pipeline.table.write(3, { alarma: 0 }, false, true))
        .at(2001, () => pipeline.stream.next({ kind: 'hidden', namesTable: true }))
        // The binlog has shown all that has happened since then.
        .at(4000, () => pipeline.raise(4))
        .runTo(20_000);
      expect(pipeline.types(3)).toEqual(visibleAfterMs === 0 ? [] : ['detected', 'withdrawn']);
      expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([1, 2, 4]);
    },
  );

  it('a shorter wait needs no reading', () => {
    const pipeline = queued({ restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 1900 : 10 }) });
    pipeline.runTo(2000);
    const reads = pipeline.reads.length;
    pipeline.runTo(20_000);
    expect(pipeline.types(2)).toContain('cleared');
    expect(pipeline.reads).toHaveLength(reads);
  });

  it('R9, R13: a database that cannot answer takes no alarm back, and is no failure of the process', () => {
    const pipeline = queued({ canRead: () => pipeline.now < 1000 });
    pipeline.runTo(20_000);
    expect(pipeline.types(2)).toContain('cleared');
    expect(pipeline.types(2)).not.toContain('faulted');
    expect(pipeline.breakers.get(2)).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('R12: the row says nothing about a follow-up, whose raise our clear may have overwritten', () => {
    let checks = 0;
    const pipeline: Pipeline = new Pipeline({
      maxParallel: 1,
      restart: ({ systemName }) => ({ takesMs: systemName === 'p1' ? 5000 : 10 }),
      health: ({ systemName }) => {
        checks += systemName === 'p2' ? 1 : 0;
        return { takesMs: 10, verdict: systemName === 'p2' && checks === 2 ? UNHEALTHY : HEALTHY };
      },
      write: () => ({ takesMs: 20 }),
    });
    // Process 2: verified at 22, cleared at 32; raised again just before that; meanwhile 1 takes the place.
    pipeline.at(0, () => pipeline.raise(2)).at(20, () => pipeline.raise(1));
    pipeline
      .at(26, () => pipeline.lower(2))
      .at(28, () => pipeline.raise(2))
      .runTo(20_000);
    expect(pipeline.restarts.map(({ processId }) => processId)).toEqual([2, 1, 2]);
    expect(pipeline.types(2)).not.toContain('withdrawn');
  });
});

describe('R36: another name during the wait for a slot', () => {
  /** Process 2 waits until 5 s; its name is `other` from 3 s on. */
  const renamed = (told: 'name' | 'id' | 'hidden', options: WorldOptions = {}): Pipeline => {
    const names = new Map([1, 2].map((id) => [id, `p${id}`] as const));
    const pipeline = queued({ names, ...options });
    return pipeline.at(3000, () => pipeline.rename(2, 'other', told));
  };
  const restarted = (pipeline: Pipeline): string[] => pipeline.restarts.map(({ systemName }) => systemName);

  it.each(['name', 'id', 'hidden'] as const)(
    'the process of this name is restarted (the binlog shows: %s)',
    (told) => {
      const pipeline = renamed(told);
      pipeline.runTo(20_000);
      expect(restarted(pipeline)).toEqual(['p1', 'other']);
      expect(pipeline.types(2)).toEqual(['detected', 'attempt-started', 'restarted', 'verified', 'cleared']);
      expect(pipeline.table.standing()).toEqual([]);
      expect(pipeline.slots.begun).toBe(0);
    },
  );

  it('nothing is asked where the binlog tells the name, or tells that no name has changed', () => {
    for (const told of ['name', undefined] as const) {
      const names = new Map([1, 2].map((id) => [id, `p${id}`] as const));
      const pipeline = queued({ names, restart: () => ({ takesMs: 1900 }) });
      if (told) pipeline.at(1000, () => pipeline.rename(2, 'other', told));
      pipeline.runTo(20_000);
      expect(pipeline.reads.filter((at) => at > 30)).toEqual([]);
      expect(restarted(pipeline)).toEqual(['p1', told ? 'other' : 'p2']);
    }
  });

  it('a database that gives no answer keeps no process from being restarted, under the name that was known', () => {
    const pipeline: Pipeline = renamed('id', { canRead: () => pipeline.now < 3000 });
    pipeline.runTo(20_000);
    expect(restarted(pipeline)).toEqual(['p1', 'p2']);
  });

  it('the slot is free for others while the database gives no answer', () => {
    const names = new Map([1, 2, 3].map((id) => [id, `p${id}`] as const));
    const pipeline: Pipeline = renamed('id', { names, canRead: () => pipeline.now < 3000 });
    pipeline.at(20, () => pipeline.raise(3)).runTo(20_000);
    expect(restarted(pipeline).slice(0, 3)).toEqual(['p1', 'p3', 'p2']);
  });

  it('R35: waits for those that go before the process of the new name', () => {
    const names = new Map([1, 2, 3, 4].map((id) => [id, `p${id}`] as const));
    const pipeline = new Pipeline({
      ...{ names, maxParallel: 2, sections: new Map([['other', { ...SETTINGS, after: ['p3'] }]]) },
      restart: ({ systemName }) => ({ takesMs: { other: 10, p3: 20_000 }[systemName] ?? 5000 }),
    });
    for (const id of [1, 4, 2, 3]) pipeline.at(id === 3 ? 20 : 10, () => pipeline.raise(id));
    pipeline.at(3000, () => pipeline.rename(2, 'other', 'name')).runTo(60_000);
    expect(restarted(pipeline)).toEqual(['p1', 'p4', 'p3', 'other']);
    expect(pipeline.restarts.at(-1)?.from).toBeGreaterThan(25_000);
    expect(pipeline.types(2).slice(0, 3)).toEqual(['detected', 'waiting', 'attempt-started']);
    expect(pipeline.table.standing()).toEqual([]);
    expect(pipeline.slots.begun).toBe(0);
  });

  it('a row that another host has by then is withdrawn from this one', () => {
    const names = new Map<number, string | null>([1, 2].map((id) => [id, `p${id}`] as const));
    const pipeline = queued({ names });
    pipeline
      .at(3000, () => names.set(2, null))
      .at(3001, () => pipeline.stream.next({ kind: 'hidden', namesTable: true }))
      .runTo(20_000);
    expect(pipeline.types(2)).toEqual(['detected', 'withdrawn']);
    expect(restarted(pipeline)).toEqual(['p1']);
  });

  it('what was asked for by the old name is not done to the process of the new one', () => {
    const names = new Map([1, 2].map((id) => [id, `p${id}`] as const));
    const pipeline = new Pipeline({ maxParallel: 1, names, restart: () => ({ takesMs: 5000 }) });
    pipeline
      .at(0, () => pipeline.raise(1))
      .at(10, () => pipeline.request(2))
      .at(3000, () => pipeline.rename(2, 'other', 'name'))
      .runTo(20_000);
    expect(restarted(pipeline)).toEqual(['p1']);
  });

  it('the follow-up of a possible raise during the restart checks the process of the new name', () => {
    const names = new Map([[2, 'p2']]);
    const pipeline = new Pipeline({ names, restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(2))
      .at(500, () => pipeline.stream.next({ kind: 'hidden', namesTable: true, concerns: [2] }))
      // The readings at 20 and 100 ms after it have found the alarm under the old name.
      .at(700, () => pipeline.rename(2, 'other', 'name'))
      .runTo(20_000);
    expect(pipeline.checks.map(({ systemName }) => systemName)).toEqual(['p2', 'other']);
    expect(pipeline.table.standing()).toEqual([]);
  });
});

describe('R36: a name that was told during a restart, and another one since', () => {
  /** Restarts until 1 s; its name is `other` from 300 ms on, which the binlog tells, and what comes since is played. */
  const checkedAfter = (play: (pipeline: Pipeline, names: Map<number, string>) => void): string[] => {
    const names = new Map([[2, 'p2']]);
    const pipeline = new Pipeline({ names, restart: () => ({ takesMs: 1000 }) });
    pipeline
      .at(0, () => pipeline.raise(2))
      .at(300, () => pipeline.rename(2, 'other', 'name'))
      .at(500, () => play(pipeline, names))
      .runTo(20_000);
    expect(pipeline.table.standing()).toEqual([]);
    return pipeline.checks.map(({ systemName }) => systemName);
  };

  it('a raise has the name of its own commit', () => {
    const checked = checkedAfter((pipeline, names) => {
      names.set(2, 'third');
      pipeline.lower(2);
      pipeline.raise(2);
    });
    expect(checked).toEqual(['p2', 'third']);
  });

  it('a change that the binlog hides may have changed it again', () => {
    expect(checkedAfter((pipeline) => pipeline.rename(2, 'third', 'hidden'))).toEqual(['p2', 'third']);
  });
});

describe('R22: a reload during the wait for a slot', () => {
  /** Process 2 waits until 5 s; the file is another one from 3 s on. Returns what ran for it. */
  const afterReload = (reload: (sections: Map<string, ProcessSettings>, exclude: string[]) => void) => {
    const sections = new Map<string, ProcessSettings>([['p2', SETTINGS]]);
    const exclude: string[] = [];
    const ran: string[] = [];
    const pipeline = queued({
      ...{ sections, exclude },
      restart: ({ systemName, settings }) => {
        if (systemName !== 'p1') ran.push(`${systemName} ${settings.restartTimeoutMs}`);
        return { takesMs: systemName === 'p1' ? 5000 : 10 };
      },
    });
    pipeline.at(3000, () => reload(sections, exclude)).runTo(20_000);
    return { pipeline, ran };
  };

  it('that excludes its process: nothing is restarted', () => {
    const { pipeline, ran } = afterReload((_, exclude) => exclude.push('p2'));
    expect(ran).toEqual([]);
    expect(pipeline.types(2)).toEqual(['detected', 'excluded']);
    expect(pipeline.table.standing()).toEqual([2]);
    expect(pipeline.slots.begun).toBe(0);
  });

  it('that makes its name unusable: it is refused, with a note', () => {
    const { pipeline, ran } = afterReload((sections) =>
      sections.set('p2', { ...SETTINGS, systemName: 'x..y' }),
    );
    expect(ran).toEqual([]);
    expect(pipeline.types(2)).toEqual(['detected', 'refused', 'noted']);
  });

  it.each<[string, Partial<ProcessSettings>, string]>([
    ['that changes what is restarted', { systemName: 'other' }, `other ${SETTINGS.restartTimeoutMs}`],
    ['that changes how', { restartTimeoutMs: 77_000 }, 'p2 77000'],
  ])('%s: the new file counts', (_, change, expected) => {
    const { pipeline, ran } = afterReload((sections) => sections.set('p2', { ...SETTINGS, ...change }));
    expect(ran).toEqual([expected]);
    expect(pipeline.types(2).filter((type) => type === 'detected')).toHaveLength(1);
    expect(pipeline.table.standing()).toEqual([]);
  });
});
