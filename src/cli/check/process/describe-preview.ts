import { basename } from 'node:path';
import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import type { ProcessPreview } from '../../../restart/preview/preview-processes.js';
import type { PreviewedUnit, RestartPreview } from '../../../restart/preview/preview-restart.js';
import type { StartPlan } from '../../../restart/start/start-plan.js';
import { describeUnitState } from '../../../restart/systemd/describe-unit-state.js';
import { describeOthers } from '../../../restart/systemd/diagnosis/others-in-unit.js';

const MAX_PIDS = 5;

/** Describes in one line what a restart would do, and why. Pure. */
export function describePreview({ settings }: RestartTarget, preview: RestartPreview): string {
  switch (preview.kind) {
    case 'command':
      return `runs restart_command: ${preview.command}`;
    case 'units': {
      const units = preview.units.map(describeUnit).join('; ');
      const beside = preview.beside ? `; besides ${describeProcesses(preview.beside)}` : '';
      return `${settings.restartStrategy} → service (${preview.why}): restarts ${units}${beside}`;
    }
    case 'processes': {
      const taken = settings.restartStrategy === 'process' ? 'process' : `auto → process (${preview.why})`;
      return `${taken}: ${describeProcesses(preview.processes)}`;
    }
  }
}

function describeUnit(unit: PreviewedUnit): string {
  const others = describeOthers(unit.others);
  return `${unit.id}, now ${describeUnitState(unit)}${others === '' ? '' : `, ${others}`}`;
}

function describeProcesses({ running, starts }: ProcessPreview): string {
  const pids = running.map(({ pid }) => pid);
  const more = pids.length > MAX_PIDS ? ` and ${pids.length - MAX_PIDS} more` : '';
  const [start] = starts;
  const again = start ? describeStart(start, running.length > 0) : 'starts nothing';
  if (pids.length === 0) return `none runs now; ${again}`;
  const name = basename(running[0]?.argv[0] ?? '');
  return `stops pid ${pids.slice(0, MAX_PIDS).join(', ')}${more}${name === '' ? '' : ` (${name})`}, ${again}`;
}

function describeStart(start: StartPlan, wasRunning: boolean): string {
  if (start.kind === 'command') return `starts it with start_command: ${start.command}`;
  return wasRunning
    ? 'starts it again as it runs now'
    : `starts ${start.file} as it ran when it was last seen`;
}
