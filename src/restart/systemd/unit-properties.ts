/** The properties of a unit that this service reads. The words are those of systemd (org.freedesktop.systemd1(5)). */
export interface UnitState {
  /** The real name of the unit, also if it was read by an alias. */
  readonly id: string;
  /** All its names, aliases among them. */
  readonly names: readonly string[];
  /** loaded, not-found, masked, bad-setting, error. */
  readonly loadState: string;
  /** active, inactive, failed, activating, deactivating, reloading. */
  readonly activeState: string;
  readonly subState: string;
  /** enabled, disabled, static, masked … Empty if it has no file. */
  readonly unitFileState: string;
  /** A new one for every run. Empty if it never ran or systemd has forgotten the run. */
  readonly invocationId: string;
  readonly conditionResult: boolean;
  /** When its conditions were last tested, in microseconds since boot. 0 if never, or if systemd has forgotten it. */
  readonly conditionTimestamp: number;
  /** The conditions that failed when they were last tested, as in its file: `ConditionPathExists=/x`. */
  readonly unmetConditions: readonly string[];
  readonly unmetAsserts: readonly string[];
  /** What systemd does with the host when the unit ends well, fails, or hits a limit: none, reboot, poweroff … */
  readonly successAction: string;
  readonly failureAction: string;
  readonly startLimitAction: string;
  readonly jobTimeoutAction: string;
  /** Sockets, timers and paths that start it. */
  readonly triggeredBy: readonly string[];
  /** The number of the job that systemd works on for it; 0 if none. */
  readonly job: number;
  /** When it last became active, in microseconds since boot; 0 if not since boot. */
  readonly activeEnterTimestamp: number;
  readonly inactiveExitTimestamp: number;
  readonly inactiveEnterTimestamp: number;

  // Only services have these; for other units they are empty.
  /** simple, exec, forking, oneshot, notify, dbus … */
  readonly type: string;
  /** success, exit-code, signal, timeout, start-limit-hit … */
  readonly result: string;
  /** How often systemd itself has started it again (Restart=) since the last requested start. */
  readonly nRestarts: number;
  /** 0 if none. */
  readonly mainPid: number;
  readonly controlGroup: string;
  /** How the first process that ended did so: CLD_EXITED (1), CLD_KILLED (2) or CLD_DUMPED (3). 0 if it still runs. */
  readonly execMainCode: number;
  readonly execMainStatus: number;
  readonly execMainStartTimestamp: number;
  readonly killMode: string;
}

export type UnitProperty = keyof UnitState;

/** The form of a value; `list` is words, `job` a number with an object path behind it, `tests` conditions. */
type Form = 'text' | 'number' | 'boolean' | 'list' | 'hex' | 'job' | 'tests';

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
  unmetConditions: { name: 'Conditions', of: 'Unit', form: 'tests' },
  unmetAsserts: { name: 'Asserts', of: 'Unit', form: 'tests' },
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

/** A unit of which nothing is known: every property is empty. */
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
  unmetConditions: [],
  unmetAsserts: [],
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

/** The properties that a unit of this name has: a socket or a timer is not asked for those of services. */
export function propertiesOf<K extends UnitProperty>(unit: string, properties: readonly K[]): readonly K[] {
  if (unit.endsWith('.service')) return properties;
  return properties.filter((property) => UNIT_PROPERTIES[property].of === 'Unit');
}
