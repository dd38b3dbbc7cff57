/** What this service asks about a unit. The words are systemd's own (org.freedesktop.systemd1(5)). */
export interface UnitState {
  /** The unit's own name, where it was asked for by an alias. */
  readonly id: string;
  /** All its names, aliases among them. */
  readonly names: readonly string[];
  /** loaded, not-found, masked, bad-setting, error. */
  readonly loadState: string;
  /** active, inactive, failed, activating, deactivating, reloading. */
  readonly activeState: string;
  readonly subState: string;
  /** enabled, disabled, static, masked … Empty: it has no file. */
  readonly unitFileState: string;
  /** Another one for every run. Empty: it never ran, or systemd has forgotten the run. */
  readonly invocationId: string;
  readonly conditionResult: boolean;
  /** When its conditions were last tested, microseconds since boot; 0: never, or systemd has forgotten it. */
  readonly conditionTimestamp: number;
  /** What systemd does with the host when the unit ends well, fails, or hits a limit: none, reboot, poweroff … */
  readonly successAction: string;
  readonly failureAction: string;
  readonly startLimitAction: string;
  readonly jobTimeoutAction: string;
  /** Sockets, timers and paths that start it. */
  readonly triggeredBy: readonly string[];
  /** Number of the job that systemd works on for it; 0: none. */
  readonly job: number;
  /** Microseconds since boot; 0: not since then. */
  readonly activeEnterTimestamp: number;
  readonly inactiveExitTimestamp: number;
  readonly inactiveEnterTimestamp: number;

  // What only services have; of other units it is empty.
  /** simple, exec, forking, oneshot, notify, dbus … */
  readonly type: string;
  /** success, exit-code, signal, timeout, start-limit-hit … */
  readonly result: string;
  /** How often systemd itself has started it again (Restart=) since somebody asked for a start. */
  readonly nRestarts: number;
  /** 0: none. */
  readonly mainPid: number;
  readonly controlGroup: string;
  /** CLD_EXITED (1), CLD_KILLED (2) or CLD_DUMPED (3) of the first process that ended; 0: it still runs. */
  readonly execMainCode: number;
  readonly execMainStatus: number;
  readonly execMainStartTimestamp: number;
  readonly killMode: string;
}

export type UnitProperty = keyof UnitState;

/** The form of a value; `list` is words, `job` a number with an object path behind it. */
type Form = 'text' | 'number' | 'boolean' | 'list' | 'hex' | 'job';

interface Definition {
  /** Name on the bus and in `systemctl show`. */
  readonly name: string;
  readonly of: 'Unit' | 'Service';
  readonly form: Form;
}

export const UNIT_PROPERTIES: Readonly<Record<UnitProperty, Definition>> = {
  id: { name: 'Id', of: 'Unit', form: 'text' },
  names: { name: 'Names', of: 'Unit', form: 'list' },
  loadState: { name: 'LoadState', of: 'Unit', form: 'text' },
  activeState: { name: 'ActiveState', of: 'Unit', form: 'text' },
  subState: { name: 'SubState', of: 'Unit', form: 'text' },
  unitFileState: { name: 'UnitFileState', of: 'Unit', form: 'text' },
  invocationId: { name: 'InvocationID', of: 'Unit', form: 'hex' },
  conditionResult: { name: 'ConditionResult', of: 'Unit', form: 'boolean' },
  conditionTimestamp: { name: 'ConditionTimestampMonotonic', of: 'Unit', form: 'number' },
  successAction: { name: 'SuccessAction', of: 'Unit', form: 'text' },
  failureAction: { name: 'FailureAction', of: 'Unit', form: 'text' },
  startLimitAction: { name: 'StartLimitAction', of: 'Unit', form: 'text' },
  jobTimeoutAction: { name: 'JobTimeoutAction', of: 'Unit', form: 'text' },
  triggeredBy: { name: 'TriggeredBy', of: 'Unit', form: 'list' },
  job: { name: 'Job', of: 'Unit', form: 'job' },
  activeEnterTimestamp: { name: 'ActiveEnterTimestampMonotonic', of: 'Unit', form: 'number' },
  inactiveExitTimestamp: { name: 'InactiveExitTimestampMonotonic', of: 'Unit', form: 'number' },
  inactiveEnterTimestamp: { name: 'InactiveEnterTimestampMonotonic', of: 'Unit', form: 'number' },
  type: { name: 'Type', of: 'Service', form: 'text' },
  result: { name: 'Result', of: 'Service', form: 'text' },
  nRestarts: { name: 'NRestarts', of: 'Service', form: 'number' },
  mainPid: { name: 'MainPID', of: 'Service', form: 'number' },
  controlGroup: { name: 'ControlGroup', of: 'Service', form: 'text' },
  execMainCode: { name: 'ExecMainCode', of: 'Service', form: 'number' },
  execMainStatus: { name: 'ExecMainStatus', of: 'Service', form: 'number' },
  execMainStartTimestamp: { name: 'ExecMainStartTimestampMonotonic', of: 'Service', form: 'number' },
  killMode: { name: 'KillMode', of: 'Service', form: 'text' },
};

/** Of a unit of which nothing is known: what it does not have is empty. */
export const EMPTY_UNIT: UnitState = {
  id: '',
  names: [],
  loadState: '',
  activeState: '',
  subState: '',
  unitFileState: '',
  invocationId: '',
  conditionResult: false,
  conditionTimestamp: 0,
  successAction: '',
  failureAction: '',
  startLimitAction: '',
  jobTimeoutAction: '',
  triggeredBy: [],
  job: 0,
  activeEnterTimestamp: 0,
  inactiveExitTimestamp: 0,
  inactiveEnterTimestamp: 0,
  type: '',
  result: '',
  nRestarts: 0,
  mainPid: 0,
  controlGroup: '',
  execMainCode: 0,
  execMainStatus: 0,
  execMainStartTimestamp: 0,
  killMode: '',
};

/** Those that a unit of this name has: what only services have is not asked of a socket or a timer. */
export function propertiesOf<K extends UnitProperty>(unit: string, properties: readonly K[]): readonly K[] {
  if (unit.endsWith('.service')) return properties;
  return properties.filter((property) => UNIT_PROPERTIES[property].of === 'Unit');
}
