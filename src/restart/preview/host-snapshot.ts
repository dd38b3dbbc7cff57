import { type FindProcesses, findInList, matchesName } from '../processes/find-processes.js';
import { readProcessList } from '../processes/process-list.js';
import { StartMemory } from '../start/start-memory.js';
import { detectSystemd } from '../systemd/detect-systemd.js';
import type { UnitReader } from '../systemd/systemd-client.js';
import { UNIT_PROPERTIES, type UnitProperty, type UnitState } from '../systemd/unit-properties.js';

/** The unit in which the service runs when it runs; who only looks on may run anywhere. */
export const SERVICE_UNIT = 'monitor_service.service';
const SERVICE_PROGRAM = 'monitor_service';

/** This host as it was at one moment, for questions about many processes. It can look and nothing else. */
export interface HostSnapshot {
  /** Absent: there is no systemd here. Each unit is asked for once. */
  readonly systemd: UnitReader | undefined;
  /** /proc is read once. */
  readonly find: FindProcesses;
  /** How what does not run now would be started. */
  readonly memory: StartMemory;
}

/**
 * Sees what the service would see, not what we do: the shell and the sshd that this command was called from are
 * nobody's ancestors there. What runs as this program is left out, the service itself among it.
 */
export function snapshotHost(
  systemd: UnitReader | undefined = detectSystemd(),
  memory = new StartMemory(),
): HostSnapshot {
  let list: ReturnType<typeof readProcessList> | undefined;
  return {
    systemd: systemd && rememberUnits(systemd),
    memory,
    async find(name) {
      list ??= readProcessList();
      const { stats, programs } = await list;
      const ours = programs.filter(({ executable, argv }) => matchesName(SERVICE_PROGRAM, executable, argv));
      return findInList(
        { stats, programs },
        name,
        new Set([process.pid, ...ours.map(({ stat }) => stat.pid)]),
      );
    },
  };
}

/** Beyond this it hangs; an answer of any kind takes milliseconds. */
const HANGS_AFTER_MS = 5000;

/** Whoever asks first may want less than who asks next. */
const ALL_PROPERTIES = Object.keys(UNIT_PROPERTIES) as UnitProperty[];

/** A systemd that hangs is asked once: a thousand deadlines in a row are as good as none. */
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
