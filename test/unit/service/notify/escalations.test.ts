import { describe, expect, it } from 'vitest';
import type { CycleEvent } from '../../../../src/domain/cycle/cycle-event.js';
import type { CommandResult } from '../../../../src/restart/commands/run-command.js';
import type { ConfigCommandOptions } from '../../../../src/restart/systemd/run-config-command.js';
import { Escalations } from '../../../../src/service/notify/escalations.js';
import { LiveConfig } from '../../../../src/service/shared/live-config.js';
import { DEFAULT_CONFIG } from '../../../support/default-config.js';
import { cycleEvent } from '../../../support/streams/cycle-events.js';

const OPENED = cycleEvent({ type: 'opened', failures: 3, retryAt: 5 });
const EXITED: CommandResult = { outcome: 'exited', exitCode: 0, output: '', durationMs: 1 };

describe('escalations', () => {
  it('run once for each opening, by failures and by flapping, and for nothing else', async () => {
    const { escalations, runs, told } = open();
    escalations.onEvent(OPENED);
    escalations.onEvent(cycleEvent({ type: 'flapping', restarts: 10, withinMs: 60_000, retryAt: 5 }));
    for (const data of [{ type: 'half-opened' }, { type: 'closed' }, { type: 'withdrawn' }] as const)
      escalations.onEvent(cycleEvent(data));
    escalations.onEvent({ ...OPENED, processName: 'bad name' });
    await expect.poll(() => told).toHaveLength(2);
    expect(runs.map(({ shell }) => shell)).toEqual(['page nginx', 'page nginx']);
    expect(runs.map(({ options }) => options.variables?.MONITOR_EVENT)).toEqual(['opened', 'flapping']);
    expect(runs[0]?.options).toMatchObject({
      of: { systemName: 'nginx', step: 'escalation' },
      timeoutMs: 90_000,
      leftovers: 'killed',
      variables: { MONITOR_PROCESS: 'nginx', MONITOR_PROCESS_ID: '7' },
    });
    expect(JSON.parse(runs[0]?.options.input ?? '')).toMatchObject({ event: 'opened', failures: 3 });
    expect(told[0]).toMatchObject({ type: 'escalated', processId: 7, processName: 'nginx' });
    expect(told[0]).not.toHaveProperty('reason');
    await escalations.close();
  });

  it('tell of a failure, whatever it is', async () => {
    const results: (() => Promise<CommandResult>)[] = [
      () => Promise.resolve({ ...EXITED, exitCode: 3, output: 'no route' }),
      () => Promise.reject(new Error('odd')),
    ];
    const { escalations, told } = open(() => results.shift()?.() ?? Promise.resolve(EXITED));
    escalations.onEvent(OPENED);
    escalations.onEvent(OPENED);
    escalations.onEvent(OPENED);
    await expect.poll(() => told).toHaveLength(3);
    expect(told.map((event) => 'reason' in event && event.reason)).toEqual([
      'exit code 3: no route',
      'odd',
      false,
    ]);
    await escalations.close();
  });

  it('R8: of a storm a few run at once, and beyond a bound none is kept', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { escalations, runs, told } = open(() => gate.then(() => EXITED));
    for (let index = 0; index < 1010; index += 1) escalations.onEvent(OPENED);
    expect(told).toHaveLength(10);
    expect(told[0]).toMatchObject({ type: 'escalated', reason: 'not run: 1000 others wait' });
    await expect.poll(() => runs).toHaveLength(4);
    release();
    await expect.poll(() => runs).toHaveLength(1000);
    await escalations.close();
  });

  it('R22: the end waits for what runs, but not for what hangs, and begins no more', async () => {
    const { escalations, runs, told } = open(
      (signal) =>
        new Promise((resolve) =>
          signal?.addEventListener('abort', () =>
            resolve({ outcome: 'aborted', survivors: [], output: '', durationMs: 1 }),
          ),
        ),
    );
    for (let index = 0; index < 6; index += 1) escalations.onEvent(OPENED);
    await expect.poll(() => runs).toHaveLength(4);
    await escalations.close();
    expect(told).toHaveLength(4);
    escalations.onEvent(OPENED);
    expect(runs).toHaveLength(4);
  });
});

function open(run: (signal?: AbortSignal) => Promise<CommandResult> = () => Promise.resolve(EXITED)) {
  const defaults = { ...DEFAULT_CONFIG.processes.defaults, escalationCommand: 'page %s' };
  const config = { ...DEFAULT_CONFIG, processes: { ...DEFAULT_CONFIG.processes, defaults } };
  const runs: { readonly shell: string; readonly options: ConfigCommandOptions }[] = [];
  const told: CycleEvent[] = [];
  const escalations = new Escalations({
    settings: new LiveConfig(config),
    run: (shell, options) => {
      runs.push({ shell, options });
      return run(options.signal);
    },
    tell: (event) => told.push(event),
  });
  return { escalations, runs, told };
}
