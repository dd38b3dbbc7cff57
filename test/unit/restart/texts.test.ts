import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capturedEnvironment, childEnvironment } from '../../../src/restart/commands/command-environment.js';
import { OutputTail } from '../../../src/restart/commands/output-tail.js';
import { formatEnvironmentFile, formatShellExports } from '../../../src/restart/commands/shell-text.js';
import { substituteName } from '../../../src/restart/commands/substitute-name.js';
import { explainPgrep } from '../../../src/restart/health/explain-pgrep.js';
import { daemonUnit, environmentOf } from '../../../src/restart/start/daemon-unit.js';
import type { StartPlan, StartTraits } from '../../../src/restart/start/start-plan.js';
import { runArguments } from '../../../src/restart/systemd/systemctl/run-arguments.js';

describe('R15: %s', () => {
  it('is the system name, wherever it stands', () => {
    expect(substituteName(`pgrep "%s" || echo '%s'`, 'a.b@c:d-e_f')).toBe(
      `pgrep "a.b@c:d-e_f" || echo 'a.b@c:d-e_f'`,
    );
    expect(substituteName('echo 100% $& $1', 'x')).toBe('echo 100% $& $1');
  });
});

describe('R21: pgrep with a name of more than 15 characters', () => {
  const long = 'longer-than-fifteen';
  it.each([
    `pgrep ${long}`,
    `/usr/bin/pgrep -x "${long}" >/dev/null`,
    `pgrep -u root '${long}' && true`,
    `true; pgrep ${long} | grep -q .`,
  ])('is explained: %s', (command) =>
    expect(explainPgrep(command)).toMatch(/first 15 characters .* set it to pgrep longer-than-fif$/),
  );
  it.each([
    `pgrep -f ${long}`,
    `pgrep -af ${long}`,
    `pgrep --full ${long}`,
    'pgrep exactly-15-char',
    `pgrep 'longer.*fifteen-x'`,
    `test -d /proc/${long}`,
    `mypgrep ${long}`,
  ])('is not the fault: %s', (command) => expect(explainPgrep(command)).toBeUndefined());
});

describe('R24: the environment in a file', () => {
  it('R18: is quoted so that a shell reads back every value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^V_[A-Z0-9_]{0,8}$/),
          fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
        ),
        (environment) => {
          const script = `${formatShellExports(environment)}exec env -0`;
          const output = execFileSync('/bin/sh', ['-c', script], { env: {}, encoding: 'utf8' });
          const lines = output.split('\0').filter((line) => line.startsWith('V_'));
          expect(
            Object.fromEntries(
              lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
            ),
          ).toEqual({ ...environment });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves out what neither a shell nor systemd takes', () => {
    const environment = { 'BASH_FUNC_x%%': '() { :; }', 'a.b': '1', UID: '5', OK: '1' };
    expect(formatShellExports(environment)).toBe(`export OK='1'\n`);
    expect(formatEnvironmentFile(environment)).toBe('UID="5"\nOK="1"\n');
  });

  it('escapes what systemd reads within double quotes', () => {
    expect(formatEnvironmentFile({ A: 'a"b\\c$d`e\'f\ng # h' })).toBe('A="a\\"b\\\\c\\$d\\`e\'f\ng # h"\n');
  });
});

describe('the environment of a child', () => {
  const own = {
    PATH: '/bin',
    NOTIFY_SOCKET: '1',
    INVOCATION_ID: '2',
    MONITOR_X: '3',
    NODE_OPTIONS: '4',
    GONE: undefined,
  };
  it('has nothing that is meant for this service alone', () =>
    expect(childEnvironment(own)).toEqual({ PATH: '/bin' }));
  it('of a captured process keeps what is its own', () =>
    expect(capturedEnvironment({ MONITOR_X: '3', NODE_OPTIONS: '4', NOTIFY_SOCKET: '1' })).toEqual({
      MONITOR_X: '3',
      NODE_OPTIONS: '4',
    }));
});

describe('R16: the end of an output', () => {
  it('is cut to the limit, between characters', () => {
    const tail = new OutputTail(4);
    for (const chunk of ['abc', 'déf', 'ü']) tail.push(Buffer.from(chunk));
    expect(tail.toString()).toBe('fü');
    const split = new OutputTail(100);
    for (const byte of Buffer.from('ü\r\0!')) split.push(Buffer.from([byte]));
    expect(split.toString()).toBe('ü!');
  });
});

const TRAITS: StartTraits = {
  nice: -7,
  policy: 1,
  realtimePriority: 20,
  io: { class: 2, priority: 1 },
  oomScoreAdjust: -500,
  limits: { NOFILE: '1024:4096' },
  cpus: '0-1,3',
  bounding: '401',
  noNewPrivileges: true,
};

describe('R18, R28: the arguments of systemd-run', () => {
  const transientArguments = (name: string, plan: StartPlan, file = '/run/x/environment') =>
    runArguments(daemonUnit(name, 'app', plan, file));

  it('start a program as it ran', () => {
    const args = transientArguments(
      'u.service',
      {
        kind: 'program',
        file: '/opt/app $x',
        args: ['$HOME', '$A%n', ''],
        argv0: 'app',
        cwd: '/srv/a b',
        env: { PASSWORD: 'secret' },
        credentials: { uid: 33, gid: 34, groups: [4, 34] },
        umask: 0o27,
        traits: TRAITS,
      },
      '/run/x/environment',
    );
    expect(args.slice(args.indexOf('--'))).toEqual(['--', '/opt/app $x', '$$HOME', '$$A%n', '']);
    expect(args.slice(0, args.indexOf('--')).join(' ')).toBe(
      '--quiet --no-ask-password --unit=u.service --description=app, started by the process monitor service -p KillMode=process -p WorkingDirectory=/srv/a b ' +
        '-p User=33 -p Group=34 -p SupplementaryGroups=4 34 -p UMask=0027 -p Nice=-7 -p OOMScoreAdjust=-500 -p CPUSchedulingPolicy=1 -p CPUSchedulingPriority=20 ' +
        '-p IOSchedulingClass=2 -p IOSchedulingPriority=1 -p LimitNOFILE=1024:4096 -p CPUAffinity=0 1 3 ' +
        '-p CapabilityBoundingSet=CAP_CHOWN CAP_NET_BIND_SERVICE -p NoNewPrivileges=yes ' +
        '-p EnvironmentFile=/run/x/environment',
    );
    expect(args.join()).not.toContain('secret');
  });

  it('open the files of its output as its user, by a shell that leaves nothing of its own behind', () => {
    const args = transientArguments('u.service', {
      kind: 'program',
      file: '/opt/app',
      args: ['-x'],
      argv0: '/opt/app',
      cwd: '/',
      env: { PWD: '/' },
      outputs: { stdout: '/dev/null', stderr: '/var/log/a $b.log' },
      traits: TRAITS,
    });
    const [, shell, option, script, ...rest] = args.slice(args.indexOf('--'));
    expect([shell, option, ...rest]).toEqual([
      '/bin/sh',
      '-c',
      'sh',
      '',
      '/var/log/a $$b.log',
      '/',
      '',
      '/opt/app',
      '/opt/app',
      '-x',
    ]);
    expect(script).toMatch(/^(?!.*[^$]\$[^$]).*export PWD='\/'; unset OLDPWD; unset SHLVL; .*exec "\$\$@"/s);
  });

  it('R15: start a command in a shell, without its text in an argument', () => {
    const plan = { kind: 'command', command: 'echo $HOME >>/var/log/x' } as const;
    const args = transientArguments('u.service', plan);
    expect(args.slice(args.indexOf('--'), -1)).toEqual(['--', '/bin/sh', '-c']);
    expect(args.join(' ')).not.toContain('echo');
    expect(Object.values(environmentOf(plan))).toContain(plan.command);
  });
});
