import type { RestartTarget } from '../../../domain/cycle/restart-target.js';
import { describeError } from '../../../domain/errors.js';
import { quoteForShell } from '../../../lib/shell-word.js';
import { substituteName } from '../../../restart/commands/substitute-name.js';
import type { HostSnapshot } from '../../../restart/preview/host-snapshot.js';
import type { ProcessPreview, RunningProcess } from '../../../restart/preview/preview-processes.js';
import {
  type PreviewedUnit,
  previewRestart,
  type RestartPreview,
} from '../../../restart/preview/preview-restart.js';
import { describeUnitState } from '../../../restart/systemd/describe-unit-state.js';
import { describeOthers } from '../../../restart/systemd/diagnosis/others-in-unit.js';
import { describeStarts } from './describe-starts.js';

/** Describes what a restart would do. `preview` is undefined if the restart is certain to fail. */
export async function describeRestart(
  target: RestartTarget,
  view: HostSnapshot,
): Promise<{ readonly preview?: RestartPreview; readonly lines: readonly string[] }> {
  try {
    const preview = await previewRestart(target, view);
    return { preview, lines: describe(target, preview, view) };
  } catch (error) {
    return { lines: [`would fail: ${describeError(error)}`] };
  }
}

/** Describes the pre-restart command, or says that there is none. */
export function describePreRestart({ systemName, settings }: RestartTarget): string[] {
  const { preRestartCommand, restartTimeoutMs } = settings;
  if (preRestartCommand === undefined) return ['no command is set'];
  return [
    `/bin/sh -c ${quoteForShell(substituteName(preRestartCommand, systemName))}`,
    `within ${restartTimeoutMs / 1000} s, else it is killed; if it fails nothing is restarted`,
  ];
}

/** Undefined: the process has no such command. */
export function describeEscalation({ systemName, settings }: RestartTarget): string | undefined {
  const { escalationCommand } = settings;
  if (escalationCommand === undefined) return undefined;
  return `if the circuit breaker opens: /bin/sh -c ${quoteForShell(substituteName(escalationCommand, systemName))}`;
}

function describe(target: RestartTarget, preview: RestartPreview, view: HostSnapshot): string[] {
  const { settings } = target;
  const deadline = `within ${settings.restartTimeoutMs / 1000} s`;
  switch (preview.kind) {
    case 'command':
      return [
        `strategy custom: ${preview.why}`,
        `/bin/sh -c ${quoteForShell(preview.command)}`,
        `${deadline}, else it is killed`,
      ];
    case 'units':
      return [
        `strategy service: ${preview.why}`,
        ...preview.units.flatMap((unit) => describeUnit(unit)),
        `${deadline}; each must then run under a new invocation`,
        ...(preview.beside ? describeProcesses(target, preview.beside, view) : []),
        ...(settings.restartStrategy === 'auto'
          ? ['if that fails: strategy process, for processes of that name that run outside any unit']
          : []),
      ];
    case 'processes':
      return [`strategy process: ${preview.why}`, ...describeProcesses(target, preview.processes, view)];
  }
}

function describeUnit(unit: PreviewedUnit): string[] {
  const others = describeOthers(unit.others);
  const pid = unit.mainPid > 0 ? `, main pid ${unit.mainPid}` : '';
  const hasFailed = unit.activeState === 'failed' || unit.result === 'start-limit-hit';
  return [
    ...(hasFailed ? [`systemctl reset-failed -- ${unit.id}`] : []),
    `systemctl restart -- ${unit.id}, now ${describeUnitState(unit)}${pid}${others === '' ? '' : `, ${others}`}`,
  ];
}

function describeProcesses(target: RestartTarget, preview: ProcessPreview, view: HostSnapshot): string[] {
  const { settings } = target;
  const { running } = preview;
  const stop =
    running.length === 0
      ? ['no process runs, so nothing is stopped']
      : [
          ...running.map(describeRunning),
          `those still running after ${settings.stopTimeoutMs / 1000} s get SIGKILL`,
        ];
  const supervisor = preview.mayHaveSupervisor
    ? ['if its supervisor has started it again by then, nothing more is done; else:']
    : [];
  return [...stop, ...supervisor, ...describeStarts(target, preview.starts, view.systemd !== undefined)];
}

function describeRunning({ pid, argv, cwd, uid, gid, below }: RunningProcess): string {
  const others = below.length === 0 ? '' : `, and to its children, pid ${below.join(', ')}`;
  const where = `cwd ${cwd ?? 'unknown'}, uid ${uid ?? 'unknown'}, gid ${gid ?? 'unknown'}`;
  return `SIGTERM to pid ${pid}: ${argv.join(' ')} (${where})${others}`;
}
