/** What `systemctl show` says of a unit. */
export interface UnitState {
  /** The unit's own name, where it was asked for by an alias. */
  readonly id: string;
  /** loaded, not-found, masked, bad-setting, error. */
  readonly loadState: string;
  /** active, inactive, failed, activating, deactivating, reloading. */
  readonly activeState: string;
  readonly subState: string;
  /** Of a service: simple, exec, forking, oneshot, notify … Empty for other kinds of unit. */
  readonly type: string;
  /** Of a service: success, exit-code, start-limit-hit … */
  readonly result: string;
  /** Another one for every run. Empty: it never ran, or systemd has forgotten the run. */
  readonly invocationId: string;
  /** 0: none. */
  readonly mainPid: number;
  readonly execMainStatus: number;
  readonly killMode: string;
}

const PROPERTIES: Readonly<Record<keyof UnitState, string>> = {
  id: 'Id',
  loadState: 'LoadState',
  activeState: 'ActiveState',
  subState: 'SubState',
  type: 'Type',
  result: 'Result',
  invocationId: 'InvocationID',
  mainPid: 'MainPID',
  execMainStatus: 'ExecMainStatus',
  killMode: 'KillMode',
};

/** The value for `systemctl show --property=`. */
export const UNIT_PROPERTIES = Object.values(PROPERTIES).join(',');

/**
 * Reads KEY=VALUE lines, whatever their order and what else is among them. (`--value` leaves the keys out, and
 * systemd 239 then leaves out what it does not know.)
 */
export function parseUnitState(text: string): UnitState | undefined {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=');
      return equals < 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1).trim()]];
    }),
  );
  const value = (key: keyof UnitState) => values.get(PROPERTIES[key]) ?? '';
  if (value('loadState') === '') return undefined;
  return {
    id: value('id'),
    loadState: value('loadState'),
    activeState: value('activeState'),
    subState: value('subState'),
    type: value('type'),
    result: value('result'),
    invocationId: value('invocationId'),
    mainPid: Number(value('mainPid')),
    execMainStatus: Number(value('execMainStatus')),
    killMode: value('killMode'),
  };
}

/** `failed (Result: exit-code, status 203)`, for messages. */
export function describeUnitState(state: UnitState): string {
  const details = [
    ...(state.subState === '' || state.subState === state.activeState ? [] : [state.subState]),
    ...(state.result === '' || state.result === 'success' ? [] : [`result ${state.result}`]),
    ...(state.execMainStatus === 0 ? [] : [`status ${state.execMainStatus}`]),
  ];
  return details.length === 0 ? state.activeState : `${state.activeState} (${details.join(', ')})`;
}
