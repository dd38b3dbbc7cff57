import { exhaustMap, filter, type Observable, type Subscription, switchMap, timer } from 'rxjs';
import type { Config } from '../../config/config.js';
import { admit, systemNameOf } from '../../domain/cycle/admission.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { fromAbortable } from '../../operators/from-abortable.js';
import { snapshotHost } from '../../restart/preview/host-snapshot.js';
import { StartMemory } from '../../restart/start/start-memory.js';
import {
  readStartMemory,
  type SavedStarts,
  startMemoryFile,
  writeStartMemory,
} from '../../restart/start/start-memory-file.js';
import { forgetOwedStart } from '../../restart/strategies/forget-owed-start.js';
import { rememberRunning } from '../../restart/strategies/remember-running.js';
import type { UnitReader } from '../../restart/systemd/systemd-client.js';
import type { Log } from '../../telemetry/log/log.js';
import type { LiveConfig } from '../shared/live-config.js';

const SAVED_WITHIN_MS = 2000;

/**
 * Remembers how the processes with a section were running, so that a dead one can be started again (R26), and any other
 * that a restart has stopped (R11). The memory is stored beside the state file. Never rejects.
 */
export async function openStartMemory(settings: LiveConfig, log: Log): Promise<StartMemory> {
  const file = startMemoryFile(settings.current.monitor.stateFile);
  const saved = await readStartMemory(file).catch((error: unknown) => {
    log.warn(
      'monitor_service',
      `cannot read ${file}: ${describeError(error)}; only processes that run from now on are remembered`,
    );
    return undefined;
  });
  const memory = new StartMemory(saved?.starts, saved?.begun);
  let writing = Promise.resolve();
  memory.onChange(() => {
    writing = writing
      .then(() => writeStartMemory(file, worthSaving(memory, settings.current)))
      .catch((error: unknown) =>
        log.warn('monitor_service', `cannot write ${file}: ${describeError(error)}`),
      );
    // A folder that gives no answer must not keep a process from being restarted (R33).
    return withTimeout(SAVED_WITHIN_MS, writing).catch(() => {});
  });
  return memory;
}

/**
 * Looks at the processes of the host at once, after each reload and at each `check_interval`: how those with a section
 * run is remembered, and the start that an earlier run owes to another is forgotten if it runs.
 */
export function rememberStarts(
  settings: LiveConfig,
  memory: StartMemory,
  systemd: UnitReader | undefined,
  events: Observable<CycleEvent>,
): Subscription {
  // Not part of what is returned: a cycle may have its verdict after the last look.
  events.pipe(filter(runsAgain)).subscribe(({ processName }) => {
    memory.end(systemNameOf(processName, settings.current.processes));
  });
  const begunAt = performance.now();
  const looks: Observable<void> = settings
    .changes((config) => config)
    .pipe(
      switchMap((config) =>
        timer(0, config.monitor.checkIntervalMs).pipe(
          exhaustMap(() =>
            // A reload ends the look: it would go on by what the file said before.
            fromAbortable((signal) => lookAtHost(config, { memory, systemd, begunAt, signal })),
          ),
        ),
      ),
    );
  return looks.subscribe();
}

function runsAgain(event: CycleEvent): boolean {
  return event.type === 'verified' || (event.type === 'rechecked' && event.healthy);
}

interface Look {
  readonly memory: StartMemory;
  readonly systemd: UnitReader | undefined;
  /** When this run of the service began, by `performance.now()`. */
  readonly begunAt: number;
  readonly signal: AbortSignal;
}

async function lookAtHost(config: Config, { memory, systemd, begunAt, signal }: Look): Promise<void> {
  const view = snapshotHost(systemd);
  for (const target of targetsWithSection(config)) {
    if (signal.aborted) return;
    await rememberRunning(target, memory, view);
  }
  for (const name of [...memory.left]) {
    const admission = admit(name, { ...config.processes, ...config.monitor });
    if (signal.aborted) return;
    if (admission.kind !== 'accepted' || admission.target.hasSection) continue;
    await forgetOwedStart(admission.target, memory, view.find, performance.now() - begunAt);
  }
}

function targetsWithSection({ processes, monitor }: Config): RestartTarget[] {
  return [...processes.byName.keys()].flatMap((name) => {
    const admission = admit(name, { ...processes, ...monitor });
    return admission.kind === 'accepted' ? [admission.target] : [];
  });
}

/**
 * Processes with a section are saved, and those that were stopped and do not run again: what this service has stopped it
 * owes a start, also after a crash. What is known of others is kept until the service ends.
 */
function worthSaving(memory: StartMemory, config: Config): SavedStarts {
  const listed = targetsWithSection(config).map(({ systemName }) => systemName);
  const names = new Set([...listed, ...memory.begun]);
  const starts = new Map([...memory.snapshot()].filter(([name]) => names.has(name)));
  return { starts, begun: [...memory.begun].filter((name) => starts.has(name)) };
}
