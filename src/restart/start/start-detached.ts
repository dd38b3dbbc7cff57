import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { BehaviorSubject } from 'rxjs';
import { RestartError } from '../../domain/cycle/restart-target.js';
import { childEnvironment } from '../commands/command-environment.js';
import { findOnPath } from '../commands/find-on-path.js';
import { killCommand } from '../commands/kill-command.js';
import { formatShellExports } from '../commands/shell-text.js';
import type { Credentials } from '../processes/process-info.js';
import { REDIRECT_AND_EXECUTE, redirectArguments } from './redirect-outputs.js';
import type { DaemonState, ProgramStart, StartedDaemon, StartPlan } from './start-plan.js';

/** Own session, no terminal, nothing of ours held open: it stays when this service goes. */
const DETACHED: SpawnOptions = { detached: true, stdio: 'ignore' };
const STOP_GRACE_MS = 2000;

/**
 * Starts a daemon where there is no systemd (R18). It is a child of ours as long as we live, and Node takes its exit
 * whenever that comes: no zombie remains, and no handle that keeps this service from ending. Throws RestartError.
 */
export async function startDetached(plan: StartPlan): Promise<StartedDaemon> {
  if (plan.kind === 'command') {
    const env = childEnvironment(process.env);
    return watch(spawn('/bin/sh', ['-c', plan.command], { ...DETACHED, cwd: '/', env }));
  }
  if (canBeSpawned(plan)) {
    const { uid, gid } = plan.credentials ?? {};
    return watch(
      spawn(plan.file, plan.args, {
        ...DETACHED,
        argv0: plan.argv0,
        cwd: plan.cwd,
        env: plan.env,
        ...(uid !== undefined && !isOurs(plan.credentials) && { uid }),
        ...(gid !== undefined && !isOurs(plan.credentials) && { gid }),
      }),
    );
  }
  return startPrepared(plan);
}

/** Node can set user and group, and then takes the supplementary groups away. */
function canBeSpawned({ credentials, umask, outputs }: ProgramStart): boolean {
  return (
    !outputs &&
    (umask === undefined || umask === process.umask()) &&
    (isOurs(credentials) || credentials?.groups.length === 0)
  );
}

function isOurs(credentials: Credentials | undefined): boolean {
  if (!credentials) return true;
  const groups = [...new Set(process.getgroups?.() ?? [])].sort((a, b) => a - b);
  return (
    credentials.uid === process.getuid?.() &&
    credentials.gid === process.getgid?.() &&
    credentials.groups.join() === groups.join()
  );
}

/**
 * Through setpriv, which sets the groups too, and a shell that then sets umask, environment and outputs and becomes
 * the program. The environment goes in by stdin, after the change of user: in an argument all could read it (R24), and
 * setpriv itself must not run as root under the LD_PRELOAD of somebody else.
 */
async function startPrepared(plan: ProgramStart): Promise<StartedDaemon> {
  const shell: readonly string[] = [
    '/bin/sh',
    '-s',
    '--',
    ...redirectArguments(plan.outputs ?? {}, [plan.file, ...plan.args]),
  ];
  const [file = '', ...args] = [...(await changeUser(plan.credentials)), ...shell];
  const child = spawn(file, args, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: plan.cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  // At once: that there is no descriptor left comes as an event too, and then there is no stdin.
  const launch = watch(child);
  if (child.pid === undefined) return launch;
  const umask = plan.umask === undefined ? '' : `umask ${plan.umask.toString(8)}\n`;
  child.stdin.on('error', () => {});
  // `unset`: what the shell itself adds; PATH is the captured one or none.
  child.stdin.end(
    `unset PATH PWD OLDPWD SHLVL\n${formatShellExports(plan.env)}${umask}${REDIRECT_AND_EXECUTE}\n`,
  );
  return launch;
}

async function changeUser(credentials: Credentials | undefined): Promise<string[]> {
  if (!credentials || isOurs(credentials)) return [];
  const [setpriv] = await findOnPath('setpriv', undefined);
  if (setpriv === undefined) {
    throw new RestartError(
      'setpriv (util-linux) is needed to start it under its own user and groups',
      false,
      {
        remedy: 'install util-linux, or set start_command',
      },
    );
  }
  const { uid, gid, groups } = credentials;
  const list = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
  return [setpriv, `--reuid=${uid}`, `--regid=${gid}`, list, '--'];
}

function watch(child: ChildProcess): StartedDaemon {
  const pid = child.pid ?? 0;
  const states = new BehaviorSubject<DaemonState>({ state: 'running', pid });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      states.next({ state: 'failed', reason: error.message });
      resolve();
    });
    child.once('exit', (code, signal) => {
      if (code === 0) states.next({ state: 'done' });
      else
        states.next({
          state: 'failed',
          reason: signal === null ? `exit code ${code}` : `ended by ${signal}`,
        });
      resolve();
    });
  });
  child.unref();
  return {
    name: `pid ${pid}`,
    states,
    stop: async () => {
      await killCommand(child, ended, STOP_GRACE_MS);
    },
  };
}
