/** What the kernel knows of a process besides ids, files and memory, and what a start must restore (R28). */
export interface ProcessTraits {
  readonly nice: number;
  /** The number of the policy: SCHED_OTHER (0), FIFO (1), RR (2), BATCH (3), IDLE (5) … */
  readonly policy: number;
  /** 1 to 99 for FIFO and RR, otherwise 0. */
  readonly realtimePriority: number;
  /** Class 1 is realtime, 2 best-effort, 3 idle. Absent if none was set. */
  readonly io?: { readonly class: number; readonly priority: number };
  /** As a list: `0-3,5`. */
  readonly cpus: string;
  readonly oomScoreAdjust: number;
  /** By the name in systemd without `Limit`, e.g. `NOFILE`, as `soft:hard`; `infinity` means no limit. */
  readonly limits: Readonly<Record<string, string>>;
  readonly capabilities: Readonly<Record<CapabilitySet, string>>;
  readonly noNewPrivileges: boolean;
  /** The mode and, if the kernel reports it, the number of filters. */
  readonly seccomp: string;
  /** The label of SELinux or AppArmor; empty if there is none. */
  readonly label: string;
}

type CapabilitySet = 'inheritable' | 'permitted' | 'effective' | 'bounding' | 'ambient';

const LIMITS: Readonly<Record<string, string>> = {
  'cpu time': 'CPU',
  'file size': 'FSIZE',
  'data size': 'DATA',
  'stack size': 'STACK',
  'core file size': 'CORE',
  'resident set': 'RSS',
  processes: 'NPROC',
  'open files': 'NOFILE',
  'locked memory': 'MEMLOCK',
  'address space': 'AS',
  'file locks': 'LOCKS',
  'pending signals': 'SIGPENDING',
  'msgqueue size': 'MSGQUEUE',
  'nice priority': 'NICE',
  'realtime priority': 'RTPRIO',
  'realtime timeout': 'RTTIME',
};

/** Parses /proc/PID/limits. */
export function parseLimits(text: string): Record<string, string> {
  const limits: Record<string, string> = {};
  for (const [, name = '', soft, hard] of text.matchAll(/^Max (.+?) {2,}(\S+) +(\S+)/gm)) {
    const key = LIMITS[name];
    if (key !== undefined)
      limits[key] = [soft, hard].map((limit) => (limit === 'unlimited' ? 'infinity' : limit)).join(':');
  }
  return limits;
}

/** Parses the traits in /proc/PID/status. Undefined if they are not there. */
export function parseStatusTraits(
  text: string,
): Pick<ProcessTraits, 'cpus' | 'capabilities' | 'noNewPrivileges' | 'seccomp'> | undefined {
  const value = (key: string) => new RegExp(`^${key}:\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1];
  const set = (key: string) => (value(key) ?? '').replace(/^0+(?=.)/, '');
  const cpus = value('Cpus_allowed_list');
  if (cpus === undefined || value('CapBnd') === undefined) return undefined;
  return {
    cpus,
    capabilities: {
      inheritable: set('CapInh'),
      permitted: set('CapPrm'),
      effective: set('CapEff'),
      bounding: set('CapBnd'),
      ambient: set('CapAmb'),
    },
    noNewPrivileges: value('NoNewPrivs') === '1',
    seccomp: `${value('Seccomp') ?? '0'}/${value('Seccomp_filters') ?? '?'}`,
  };
}

/** Parses the scheduling fields of /proc/PID/stat. */
export function parseScheduling(text: string): Pick<ProcessTraits, 'nice' | 'policy' | 'realtimePriority'> {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? 0);
  return { nice: field(19), realtimePriority: field(40), policy: field(41) };
}

/** Parses the output of `ionice -p PID`, e.g. `best-effort: prio 4`. Undefined for any other text. */
export function parseIoClass(text: string): Pick<ProcessTraits, 'io'> | undefined {
  const [, name, priority = '0'] = /^(none|realtime|best-effort|idle)(?:: prio (\d+))?\s*$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (name === 'none') return {};
  return { io: { class: IO_CLASSES.indexOf(name), priority: Number(priority) } };
}

const IO_CLASSES = ['none', 'realtime', 'best-effort', 'idle'];
