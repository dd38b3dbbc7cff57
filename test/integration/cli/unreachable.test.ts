import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, it, vi } from 'vitest';
import { converseAtTerminal } from '../../support/cli/converse.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { PROGRAM, runProgram, runProgramAsNobody } from '../../support/program.js';
import { commandsOf } from '../../support/service/commands-of.js';
import { writeConfigFile } from '../../support/service/config-file.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

const COMMANDS = [['status'], ['restart', 'alpha'], ['pause'], ['resume'], ['reset', '--all']] as const;

// Each command is a program of its own: on a machine with other work to do, many of them take their time.
vi.setConfig({ testTimeout: 240_000 });

describeOnServers('where the service cannot be reached', oneServerKind, ({ server, open }) => {
  it('says that it is not running, with exit code 3; status shows what it left and what the table knows', async () => {
    const { database, fleet, watch, watchCalmly, path, run } = await open('alpha', 'beta');
    const daemon = await watchCalmly({
      monitor: { max_restart_failures: 1 },
      'process.default': { max_attempts: 1 },
    });
    await fleet.breakRestart('alpha');
    await database.raise(1);
    await daemon.waitForLine(/alpha: circuit breaker opened/);
    await run('pause', 'beta', '--reason', 'new disks');
    daemon.signal('SIGKILL');
    await daemon.exit;
    // Its socket is left behind, and nobody listens there.
    expect((await stat(path('control.sock'))).isSocket()).toBe(true);
    for (const args of COMMANDS.slice(1)) {
      expect(await run(...args)).toEqual({
        code: 3,
        stdout: '',
        stderr: `monitor_service is not running: nobody listens on ${path('control.sock')}; start it with systemctl start monitor_service\n`,
      });
    }
    const { code, stdout } = await run('status');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^monitor_service is not running: /);
    expect(stdout).toMatch(/alarms\n +alpha +circuit breaker open\n/);
    expect(stdout).toMatch(/pauses\n +beta +paused by alice: new disks\n/);
    expect(stdout).toMatch(/circuit breakers\n +alpha +open +1 failed cycle in a row +tried again at /);
    const json = await run('status', '--json');
    expect(json.code).toBe(3);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isRunning: false,
      stateFile: { path: path('state.json') },
      table: {},
      alarms: [{ processId: 1, processName: 'alpha' }],
      breakers: [{ processName: 'alpha', state: 'open' }],
      pauses: [{ processName: 'beta' }],
    });
    // The next one takes the place of the dead one's socket.
    await watch();
    expect((await run('resume', 'beta')).code).toBe(0);
  });

  it('and the database is away as well: says both', async () => {
    const { path } = await open();
    await writeConfigFile(path('config.ini'), path(''), {
      database: { user: 'x', host: '127.0.0.1', port: 1 },
    });
    const fresh = await runProgram(['status', '--config', path('config.ini')]);
    expect(fresh.stdout).toContain(`none yet at ${path('state.json')}: the service has not run here`);
    await writeFile(path('state.json'), '{');
    const { code, stdout } = await runProgram(['status', '--config', path('config.ini')]);
    expect(code).toBe(3);
    expect(stdout).toContain(`${path('state.json')} is damaged or of another version`);
    expect(stdout).toMatch(/table +cannot be read: /);
    // It was looked at and left as it was.
    expect((await stat(path('state.json'))).size).toBe(1);
  });

  it('a service whose database is away pauses, resumes, resets all and shows its status', async () => {
    const { database, watch, run, status } = await open('alpha');
    const daemon = await watch();
    await server.kill('SIGKILL');
    try {
      await daemon.waitForLine(/binlog stream lost|cannot be watched/);
      const paused = await run('pause', 'alpha', '--json');
      expect(paused.code).toBe(0);
      expect(JSON.parse(paused.stdout)).toMatchObject({
        pause: { processName: 'alpha' },
        warnings: [
          expect.stringMatching(/^cannot look up alpha in PROCESE: .*; the name is taken as it is$/),
        ],
      });
      expect(await status()).toMatchObject({
        stream: { state: 'polling', reason: expect.any(String) },
        pauses: [{ processName: 'alpha' }],
      });
      expect((await run('resume', 'alpha')).code).toBe(0);
      expect((await run('reset', '--all')).code).toBe(0);
      const restart = await run('restart', 'alpha');
      expect(restart.code).toBe(1);
      expect(restart.stderr).toMatch(/^cannot look up alpha in PROCESE: /);
    } finally {
      await server.start();
    }
    await daemon.waitForLine(/watching the binlog .* again/);
    await database.raise(1);
    await daemon.cleared('alpha');
  });

  itAsRoot(
    'R24: another user is told to use sudo, whether the file or the socket is not for him',
    async () => {
      const { watch, path } = await open('alpha');
      const daemon = await watch();
      const asNobody = (...args: readonly string[]) =>
        runProgramAsNobody([...args, '--config', path('config.ini')]);
      for (const args of COMMANDS) {
        expect(await asNobody(...args)).toEqual({
          code: 77,
          stdout: '',
          stderr: `this user may not read ${path('config.ini')}; run the command with sudo\n`,
        });
      }
      // One without a password, for everybody to read.
      await daemon.rewriteConfig({ database: { user: 'x' } });
      await chmod(path('config.ini'), 0o644);
      for (const args of COMMANDS) {
        expect(await asNobody(...args, '--json')).toEqual({
          code: 77,
          stdout: `{"error":"this user has no access to ${path('control.sock')}","remedy":"run the command with sudo"}\n`,
          stderr: '',
        });
      }
    },
  );

  it('a file with faults is told of, and does not keep from looking in the usual place', async () => {
    const { path } = await open();
    await writeFile(path('config.ini'), '[database]\nuser = x\nprt = 3\n', { mode: 0o600 });
    const { code, stderr } = await runProgram(['status', '--config', path('config.ini')]);
    expect(code).toBe(3);
    expect(stderr).toContain('database.prt: is not a known key, did you mean "port"?');
    expect(stderr).toContain('looking for the service at /run/monitor_service/control.sock');
  });

  it('R13: a second service leaves the socket to the first, says so, and works', async () => {
    const { database, watch, path, configure, status } = await open('alpha');
    const first = await watch();
    await writeConfigFile(
      path('second.ini'),
      path(''),
      configure({ monitor: { state_file: path('second.json') }, logging: { file: path('second/x.log') } }),
    );
    const second = spawn(process.execPath, [PROGRAM, 'run', '--config', path('second.ini')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      for await (const line of createInterface(second.stdout)) {
        if (
          /WARNING monitor_service: the control socket cannot be used: another monitor_service listens on/.test(
            line,
          )
        )
          break;
      }
      second.stdout.resume();
      expect((await status()).service.pid).toBe(first.pid);
    } finally {
      second.kill('SIGTERM');
      await once(second, 'close');
    }
    expect(second.exitCode).toBe(0);
    // It did not take the first one's socket along.
    expect((await commandsOf(path('config.ini')).status()).service.pid).toBe(first.pid);
    await database.raise(1);
    await first.cleared('alpha');
  });

  it('R22: a reload moves the socket; where it cannot, the old one stays', async () => {
    const { watch, path, exists, configure, status } = await open('alpha');
    const daemon = await watch();
    const reload = async (control_socket: string): Promise<void> => {
      const from = daemon.lines().length;
      await daemon.rewriteConfig(configure({ monitor: { control_socket } }));
      daemon.signal('SIGHUP');
      await daemon.waitForLine(/configuration reloaded/, { from });
    };
    await reload(path('moved.sock'));
    expect((await status()).service.pid).toBe(daemon.pid);
    expect([await exists('control.sock'), await exists('moved.sock')]).toEqual([false, true]);
    await writeFile(path('taken'), '');
    await reload(path('taken'));
    await daemon.waitForLine(
      /the control socket cannot be used: .*taken is not a socket; .*; .*moved.sock stays/,
    );
    expect([await exists('moved.sock'), await exists('taken')]).toEqual([true, true]);
    await daemon.stop();
    expect(await exists('moved.sock')).toBe(false);
  });

  it('status --watch shows it anew until somebody leaves, over a restart of the service', async () => {
    const { watch, path } = await open('alpha');
    const first = await watch();
    const child = spawn(
      process.execPath,
      [PROGRAM, 'status', '--watch', '0.1', '--json', '--config', path('config.ini')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const seen: boolean[] = [];
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const until = async (isRunning: boolean): Promise<void> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('status --watch has ended');
        seen.push(JSON.parse(value).isRunning);
        if (seen.at(-1) === isRunning) return;
      }
    };
    await until(true);
    await until(true);
    await first.stop();
    await until(false);
    await watch();
    await until(true);
    child.kill('SIGINT');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  it.each([
    ['q', 'q'],
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('status --watch at a terminal draws in place, and %s gives the screen back', async (_, key) => {
    const { watch, path } = await open('alpha');
    const daemon = await watch();
    const talk = converseAtTerminal(['status', '--watch', '0.1', '--config', path('config.ini')]);
    await talk.hear('\x1b[?1049h');
    await talk.hear(`pid ${daemon.pid}`);
    await talk.hear('q leaves');
    await talk.hear('\x1b[H');
    await talk.hear('q leaves');
    talk.say(key);
    const { code, heard } = await talk.end();
    expect(code).toBe(0);
    expect(heard.endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
    expect(heard.split('\x1b[?1049h')).toHaveLength(2);
  });

  it.each([
    [['reset'], /either names of processes or --all are needed/],
    [['reset', 'alpha', '--all'], /either names of processes or --all are needed/],
    [['resume', 'alpha', '--all'], /only one of names, --all and --maintenance/],
    [['pause', '--for', 'a while'], /Allowed: a time such as/],
    [['restart'], /missing required argument 'name'/],
    [['status', '--watch', 'often'], /Allowed: 0.1 to 3600 seconds/],
    [['status', '--watch', '0'], /Allowed: 0.1 to 3600 seconds/],
    [['status', 'alpha', '--watch'], /--watch shows all processes, so it takes no names/],
    [['check', '--config-only', '--dry-run', 'alpha'], /only one of --config-only and --dry-run/],
    [['status', '--jsn'], /unknown option '--jsn'/],
  ])('wrong arguments: %j', async (args, message) => {
    const { code, stdout, stderr } = await runProgram(args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(message);
  });

  it('arguments that only the service can judge are wrong as well', async () => {
    const { watch, run } = await open('alpha');
    await watch();
    expect((await run('pause', 'x'.repeat(300))).code).toBe(64);
    expect((await run('pause', '--reason', 'x'.repeat(300))).code).toBe(64);
    expect((await run('restart', '')).code).toBe(64);
  });

  it.each(COMMANDS.map(([command]) => command))(
    '%s --help tells its options and an example',
    async (command) => {
      const { code, stdout } = await runProgram([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('--json');
      expect(stdout).toMatch(new RegExp(`Examples?:\\n  monitor_service ${command}`));
    },
  );
});
