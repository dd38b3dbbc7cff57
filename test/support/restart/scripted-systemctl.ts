import type { CommandResult } from '../../../src/restart/commands/run-command.js';
import type { Systemctl } from '../../../src/restart/systemd/systemctl.js';
import type { UnitState } from '../../../src/restart/systemd/unit-state.js';

export const LOADED: UnitState = {
  id: 'app.service',
  loadState: 'loaded',
  activeState: 'active',
  subState: 'running',
  type: 'notify',
  result: 'success',
  invocationId: 'run-0',
  mainPid: 0,
  execMainStatus: 0,
  killMode: 'control-group',
};

export const DONE = { outcome: 'exited', exitCode: 0, output: '', durationMs: 1 } satisfies CommandResult;

/**
 * Answers as systemd would, for decisions that need many units in many states: each restart takes the next of
 * `results` (then DONE) and puts the unit in the state that follows it.
 */
export function scriptSystemctl(script: {
  readonly units: Record<string, Partial<UnitState>>;
  readonly restarts?: readonly { readonly result?: CommandResult; readonly after?: Partial<UnitState> }[];
}): Systemctl & { readonly calls: string[] } {
  const calls: string[] = [];
  const units = new Map(Object.entries(script.units));
  const restarts = [...(script.restarts ?? [])];
  let run = 0;
  return {
    calls,
    async show(unit) {
      const state = units.get(unit);
      return state
        ? { ...LOADED, id: unit, ...state }
        : { ...LOADED, id: unit, loadState: 'not-found', activeState: 'inactive' };
    },
    async restart(unit) {
      calls.push(`restart ${unit}`);
      const { result = DONE, after = {} } = restarts.shift() ?? {};
      run += 1;
      units.set(unit, {
        ...units.get(unit),
        activeState: 'active',
        result: 'success',
        invocationId: `run-${run}`,
        ...after,
      });
      return result;
    },
    async resetFailed(pattern) {
      calls.push(`reset-failed ${pattern}`);
    },
    async kill(unit) {
      calls.push(`kill ${unit}`);
    },
  };
}
