import { exhaustMap, filter, from, type Observable, type Subscription, switchMap, timer } from 'rxjs';
import type { Config } from '../../config/config.js';
import { admit, systemNameOf } from '../../domain/cycle/admission.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { withTimeout } from '../../lib/with-timeout.js';
import { snapshotHost } from '../../restart/preview/host-snapshot.js';
import { StartMemory } from '../../restart/start/start-memory.js';
import {
  readStartMemory,
  type SavedStarts,
  startMemoryFile,
  writeStartMemory,
} from '../../restart/start/start-memory-file.js';
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

/** Looks at the processes of the host at once, after each reload and at each `check_interval`. */
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
  const looks: Observable<void> = settings
    .changes((config) => config)
    .pipe(
      switchMap((config) =>
        timer(0, config.monitor.checkIntervalMs).pipe(
          exhaustMap(() => from(lookAtHost(config, memory, systemd))),
        ),
      ),
    );
  return looks.subscribe();
}

function runsAgain(event: CycleEvent): boolean {
  return event.type === 'verified' || (event.type === 'rechecked' && event.healthy);
}

async function lookAtHost(
  config: Config,
  memory: StartMemory,
  systemd: UnitReader | undefined,
): Promise<void> {
  const view = snapshotHost(systemd);
  for (const target of targetsWithSection(config)) await rememberRunning(target, memory, view);
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
