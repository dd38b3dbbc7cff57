import { RestartError } from '../../domain/cycle/restart-target.js';
import { findOnPath } from '../commands/find-on-path.js';
import type { Credentials } from '../processes/process-info.js';
import { capabilityNames } from './capability-names.js';
import type { StartTraits } from './start-plan.js';

const SET_OOM_SCORE = 'echo "$1" >/proc/self/oom_score_adj && shift && exec "$@"';
const POLICY_OPTIONS: Readonly<Record<number, string>> = {
  0: '--other',
  1: '--fifo',
  2: '--rr',
  3: '--batch',
  5: '--idle',
};

/**
 * The traits, user and groups of a program as commands that each set one of them and run the next (R28), for a host
 * without systemd. `own`: the traits of this process, which a child has by default. The user is changed last, because
 * only root may change the others. Throws RestartError if one of the commands is not installed.
 */
export async function traitCommands(
  traits: StartTraits,
  own: StartTraits,
  credentials: Credentials | undefined,
): Promise<string[]> {
  const { nice, policy, realtimePriority, io, cpus, oomScoreAdjust } = traits;
  const limits = Object.entries(traits.limits).filter(([name, limit]) => own.limits[name] !== limit);
  const privileges = privilegeOptions(traits, credentials);
  return [
    ...(oomScoreAdjust === own.oomScoreAdjust
      ? []
      : ['/bin/sh', '-c', SET_OOM_SCORE, 'sh', `${oomScoreAdjust}`]),
    ...(cpus === undefined ? [] : await tool('taskset', '--cpu-list', cpus)),
    ...(sameIo(io, own.io) ? [] : await tool('ionice', ...ioOptions(io))),
    ...(nice === own.nice ? [] : await tool('nice', '-n', `${nice - own.nice}`)),
    ...(policy === own.policy && realtimePriority === own.realtimePriority
      ? []
      : await tool('chrt', POLICY_OPTIONS[policy] ?? '--other', `${realtimePriority}`)),
    ...(limits.length === 0
      ? []
      : await tool(
          'prlimit',
          ...limits.map(
            ([name, limit]) => `--${name.toLowerCase()}=${limit.replaceAll('infinity', 'unlimited')}`,
          ),
          '--',
        )),
    ...(privileges.length === 0 ? [] : await tool('setpriv', ...privileges, '--')),
  ];
}

function sameIo(a: StartTraits['io'], b: StartTraits['io']): boolean {
  return a?.class === b?.class && a?.priority === b?.priority;
}

function ioOptions(io: StartTraits['io']): string[] {
  if (io === undefined) return ['-c', '0'];
  return io.class === 3 ? ['-c', '3'] : ['-c', `${io.class}`, '-n', `${io.priority}`];
}

function privilegeOptions(
  { bounding, ambient, noNewPrivileges }: StartTraits,
  credentials: Credentials | undefined,
): string[] {
  const only = (set: string) => ['-all', ...capabilityNames(set).map((name) => `+${name}`)].join(',');
  return [
    ...(credentials === undefined
      ? []
      : [
          `--reuid=${credentials.uid}`,
          `--regid=${credentials.gid}`,
          credentials.groups.length === 0 ? '--clear-groups' : `--groups=${credentials.groups.join(',')}`,
        ]),
    ...(bounding === undefined ? [] : [`--bounding-set=${only(bounding)}`]),
    ...(ambient === undefined ? [] : [`--inh-caps=${only(ambient)}`, `--ambient-caps=${only(ambient)}`]),
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
  ];
}

async function tool(name: string, ...options: string[]): Promise<string[]> {
  const [file] = await findOnPath(name, undefined);
  if (file !== undefined) return [file, ...options];
  throw new RestartError(`${name} is needed to start it as it ran, and is not installed`, false, {
    remedy: 'install util-linux and coreutils, or set start_command',
  });
}
