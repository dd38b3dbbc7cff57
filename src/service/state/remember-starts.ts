import { exhaustMap, from, type Observable, type Subscription, switchMap, timer } from 'rxjs';
import type { Config } from '../../config/config.js';
import { admit } from '../../domain/cycle/admission.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { describeError } from '../../domain/errors.js';
import { snapshotHost } from '../../restart/preview/host-snapshot.js';
import { StartMemory } from '../../restart/start/start-memory.js';
import { readStartMemory, startMemoryFile, writeStartMemory } from '../../restart/start/start-memory-file.js';
import { rememberRunning } from '../../restart/strategies/remember-running.js';
import type { UnitReader } from '../../restart/systemd/systemd-client.js';
import type { Log } from '../../telemetry/log/log.js';
import type { LiveConfig } from '../shared/live-config.js';

/**
 * Remembers how the processes with a section were running, so that a dead one can be started again (R26). The memory
 * is stored beside the state file. Never rejects.
 */
export async function openStartMemory(settings: LiveConfig, log: Log): Promise<StartMemory> {
  const file = startMemoryFile(settings.current.monitor.stateFile);
  const saved = await readStartMemory(file).catch((error: unknown) => {
    log.warn(
      'monitor_service',
      `cannot read ${file}: ${describeError(error)}; only processes that run from now on are remembered`,
    );
    return new Map();
  });
  const memory = new StartMemory(saved);
  let writing = Promise.resolve();
  memory.onChange(() => {
    writing = writing
      .then(() => writeStartMemory(file, withSection(memory, settings.current)))
      .catch((error: unknown) =>
        log.warn('monitor_service', `cannot write ${file}: ${describeError(error)}`),
      );
  });
  return memory;
}

/** Looks at the processes of the host at once, after each reload and at each `check_interval`. */
export function rememberStarts(
  settings: LiveConfig,
  memory: StartMemory,
  systemd: UnitReader | undefined,
): Subscription {
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

/** Only processes with a section are saved. What is known of others is kept until the service ends. */
function withSection(memory: StartMemory, config: Config) {
  const names = new Set(targetsWithSection(config).map(({ systemName }) => systemName));
  return new Map([...memory.snapshot()].filter(([name]) => names.has(name)));
}
