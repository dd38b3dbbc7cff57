import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ShutdownRunner, type ShutdownSteps } from '../../../src/service/shutdown-runner.js';
import { recordLog } from '../../support/telemetry/recorded-log.js';

describe('the shutdown', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function open(steps: Partial<ShutdownSteps>) {
    const { log, lines } = recordLog();
    const shutdown = new ShutdownRunner(log, { stop: [], abort: [], close: [], ...steps });
    return { shutdown, lines: () => lines.map(({ level, message }) => `${level} ${message}`) };
  }

  const failing = (): never => {
    throw new Error('no');
  };

  it('R22: takes its steps in their order, each named in the log, one that waits before the next', async () => {
    const done: string[] = [];
    const { shutdown, lines } = open({
      stop: [['alarms', () => done.push('alarms')]],
      close: [
        [
          'commands',
          () => new Promise<void>((resolve) => setTimeout(resolve, 100)).then(() => done.push('commands')),
        ],
        ['socket', () => done.push('socket')],
      ],
    });
    shutdown.stop(1000);
    expect(done).toEqual(['alarms']);
    void shutdown.close();
    // Who is aborted while it closes closes once.
    void shutdown.close();
    await vi.advanceTimersByTimeAsync(2000);
    await shutdown.ended;
    expect(done).toEqual(['alarms', 'commands', 'socket']);
    expect(lines()).toEqual([
      'debug shutdown, stop: alarms',
      'debug shutdown, close: commands',
      'debug shutdown, close: socket',
    ]);
  });

  it('R13, R22: goes on after a step that fails or hangs, and says which', async () => {
    const done: string[] = [];
    const { shutdown, lines } = open({
      stop: [
        ['binlog', failing],
        ['alarms', () => done.push('alarms')],
      ],
      abort: [
        ['cycles', failing],
        ['slots', () => done.push('slots')],
      ],
      close: [
        ['socket', failing],
        ['history', () => Promise.reject(new Error('full'))],
        ['database', () => new Promise(() => {})],
        ['log', () => done.push('log')],
      ],
    });
    shutdown.stop(60_000);
    shutdown.abort();
    void shutdown.close();
    await vi.runAllTimersAsync();
    await shutdown.ended;
    expect(done).toEqual(['alarms', 'slots', 'log']);
    expect(lines().filter((line) => line.startsWith('error'))).toEqual([
      'error shutdown, stop: binlog failed: no; the shutdown goes on',
      'error shutdown, abort: cycles failed: no; the shutdown goes on',
      'error shutdown, close: socket failed: no; the shutdown goes on',
      'error shutdown, close: history failed: full; the shutdown goes on',
      'error shutdown, close: database failed: no answer within 2.7 s; the shutdown goes on',
    ]);
  });

  it('R33: ends within 5 s of the abort, whatever hangs', async () => {
    const hanging = () => new Promise(() => {});
    const done: string[] = [];
    const { shutdown, lines } = open({
      close: [
        ['running commands', hanging],
        ['history', hanging],
        ['database', hanging],
        ['state file', hanging],
        ['log', () => done.push('log')],
      ],
    });
    shutdown.stop(1000);
    let hasEnded = false;
    void shutdown.ended.then(() => {
      hasEnded = true;
    });
    // No cycle ends: nobody calls close.
    await vi.advanceTimersByTimeAsync(1000 + 5000);
    expect(hasEnded).toBe(true);
    expect(done).toEqual(['log']);
    expect(lines()).toContain('error shutdown: running cycles do not end and are left behind');
  });

  it('R22: ends what runs when the time for it is over, and not before', () => {
    const done: string[] = [];
    const { shutdown, lines } = open({ abort: [['cycles', () => done.push('cycles')]] });
    shutdown.stop(1000);
    vi.advanceTimersByTime(999);
    expect(done).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(done).toEqual(['cycles']);
    expect(lines()[0]).toBe(
      'warn running cycles did not end within 1 s (shutdown_timeout in [monitor]) and are aborted now',
    );
  });
});
