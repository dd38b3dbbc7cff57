import { type FindProcesses, findInList } from '../processes/find-processes.js';
import { readProcessList } from '../processes/process-list.js';
import { StartMemory } from '../start/start-memory.js';
import { detectSystemd } from '../systemd/detect-systemd.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { UNIT_PROPERTIES, type UnitProperty, type UnitState } from '../systemd/unit-properties.js';

/** The unit of the service. A command that only looks may run anywhere. */
export const SERVICE_UNIT = 'monitor_service.service';
const SERVICE_PROGRAM = 'monitor_service';

/** This host at one moment, for questions about many processes. It can only look. */
export interface HostSnapshot {
  /** Undefined if this host has no systemd. Asks for each unit once. */
  readonly systemd: UnitReader | undefined;
  /** Reads /proc once. */
  readonly find: FindProcesses;
  /** How processes that do not run now would be started. */
  readonly memory: StartMemory;
}

/**
 * Sees what the service would see, not what this command sees: the shell and the sshd that it was called from are not
 * ancestors of the service. Leaves out processes that run this program, the service itself included.
 */
export function snapshotHost(
  systemd: UnitReader | undefined = detectSystemd(),
  memory = new StartMemory(),
): HostSnapshot {
  let list: ReturnType<typeof readProcessList> | undefined;
  return {
    systemd: systemd && rememberUnits(systemd),
    memory,
    async find(name, owner) {
      list ??= readProcessList();
      const { stats, programs } = await list;
      const ours = programs.filter(({ names }) => names.includes(SERVICE_PROGRAM));
      return findInList(
        { stats, programs },
        { name, owner },
        new Set([process.pid, ...ours.map(({ stat }) => stat.pid)]),
      );
    },
  };
}

/** After this time systemd hangs, in ms. Any answer takes only milliseconds. */
const HANGS_AFTER_MS = 5000;

/** Reads all properties, because a later caller may need more than the first one. */
const ALL_PROPERTIES = Object.keys(UNIT_PROPERTIES) as UnitProperty[];

/** Remembers units, and asks a systemd that hangs only once: a thousand deadlines in a row would never end. */
function rememberUnits(systemd: UnitReader): UnitReader {
  const known = new Map<string, Promise<UnitState>>();
  let hanging: Promise<UnitState> | undefined;
  return {
    show(unit) {
      const askedAt = performance.now();
      const state = known.get(unit) ?? hanging ?? systemd.show(unit, ALL_PROPERTIES);
      known.set(unit, state);
      state.catch(() => {
        if (performance.now() - askedAt > HANGS_AFTER_MS) hanging = state;
      });
      return state;
    },
  };
}
