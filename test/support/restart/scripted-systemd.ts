import { filter, map, Subject, startWith } from 'rxjs';
import type { JobOutcome, SystemdClient } from '../../../src/restart/systemd/systemd-client.js';
import { EMPTY_UNIT, type UnitState } from '../../../src/restart/systemd/unit-properties.js';

export const LOADED: UnitState = {
  ...EMPTY_UNIT,
  id: 'app.service',
  names: ['app.service'],
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  type: 'notify',
  result: 'success',
  invocationId: 'run-0',
  conditionResult: true,
  conditionTimestamp: 1,
  killMode: 'control-group',
};

export const DONE: JobOutcome = { outcome: 'done' };

/**
 * Answers as systemd would, for decisions that need many units in many states: each restart takes the next of
 * `restarts` (then DONE) and puts the unit in the state that follows it.
 */
export function scriptSystemd(script: {
  readonly units: Record<string, Partial<UnitState>>;
  readonly restarts?: readonly { readonly outcome?: JobOutcome; readonly after?: Partial<UnitState> }[];
  /** Of every transient unit. Default: there is nobody to make one. */
  readonly transient?: Partial<UnitState>;
}): SystemdClient & {
  readonly calls: string[];
  /** The unit gets into another state, by itself. */
  change(unit: string, state: Partial<UnitState>): void;
} {
  const calls: string[] = [];
  const units = new Map(Object.entries(script.units));
  const restarts = [...(script.restarts ?? [])];
  const changes = new Subject<string>();
  let run = 0;
  const stateOf = (unit: string): UnitState => {
    const state = units.get(unit);
    // An alias shows the unit behind it.
    const real = state?.id === undefined || state.id === unit ? undefined : units.get(state.id);
    return state
      ? { ...LOADED, id: unit, ...state, ...real }
      : { ...LOADED, id: unit, loadState: 'not-found', activeState: 'inactive' };
  };
  return {
    calls,
    show: async (unit) => stateOf(unit),
    watch: (unit) =>
      changes.pipe(
        startWith(unit),
        filter((changed) => changed === unit),
        map(() => stateOf(unit)),
      ),
    change(unit, state) {
      units.set(unit, { ...units.get(unit), ...state });
      changes.next(unit);
    },
    list: async () => [],
    async restart(unit) {
      calls.push(`restart ${unit}`);
      const { outcome = DONE, after = {} } = restarts.shift() ?? {};
      run += 1;
      units.set(unit, {
        ...units.get(unit),
        activeState: 'active',
        result: 'success',
        invocationId: `run-${run}`,
        ...after,
      });
      return outcome;
    },
    async stop(unit) {
      calls.push(`stop ${unit}`);
      return DONE;
    },
    async startTransient({ name }) {
      calls.push(`start ${name}`);
      if (!script.transient)
        return { outcome: 'failed', result: 'failed', reason: 'no systemd in this test' };
      units.set(name, { mainPid: 4711, ...script.transient });
      return DONE;
    },
    async resetFailed(pattern) {
      calls.push(`reset-failed ${pattern}`);
    },
    async kill(unit) {
      calls.push(`kill ${unit}`);
    },
    close() {},
  };
}
