import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openCheckScene } from '../../support/cli/check-scene.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { runProgram, runProgramAsNobody } from '../../support/program.js';
import { createWorkspace } from '../../support/restart/workspace.js';
import { describeOnServers } from '../../support/service/describe-on-servers.js';
import { oneServerKind } from '../../support/service/server-kinds.js';

const EX_USAGE = 64;
const EX_NOPERM = 77;
const EX_CONFIG = 78;
const LONG_TEST_MS = 180_000;

describeOnServers('the command check', oneServerKind, ({ server }) => {
  it('R23: shows every fault of the configuration, and what it can see without one', async () => {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const file = workspace.path('config.ini');
    await writeFile(file, '[database]\nport = 70000\n[monitor]\ncheck_interval = often\n', { mode: 0o600 });
    const { code, stdout } = await runProgram(['check', '-c', file]);
    expect(code).toBe(EX_CONFIG);
    expect(stdout).toContain(`Configuration ${file}\n`);
    for (const words of [
      '✘  line 1  database.user',
      '✘  line 2  database.port',
      '✘  line 4  monitor.check_interval',
    ])
      expect(stdout).toContain(words);
    expect(stdout).toContain('Host\n');
    expect(stdout).toMatch(/3 faults: not ready\n$/);
  });

  it('R23: a script gets JSON also where the configuration has faults', async () => {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const file = workspace.path('config.ini');
    await writeFile(file, '[database]\nuser = x\nport = 70000\n', { mode: 0o600 });
    for (const options of [[], ['--dry-run', 'mailer']]) {
      const { code, stdout, stderr } = await runProgram(['check', ...options, '--json', '-c', file]);
      expect([code, stderr]).toEqual([EX_CONFIG, '']);
      expect(JSON.stringify(JSON.parse(stdout))).toContain('database.port');
    }
  });

  it('--config-only judges the file for another host: 0 or 78, without database, secrets and certificates', async () => {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const file = workspace.path('config.ini');
    const elsewhere = [
      '[database]\nhost = db.invalid\nuser = x\npassword_file = $CREDENTIALS_DIRECTORY/password',
      '[web]\nlisten = 0.0.0.0:9751\npassword_file = /no/such/users\ntls_cert = /no/such.crt\ntls_key = /no/such.key',
      '[metrics]\ntextfile = /no/such/folder/monitor.prom',
      '[notify]\ncommand = no-such-program\n',
    ].join('\n');
    await writeFile(file, elsewhere, { mode: 0o600 });
    const check = (...options: readonly string[]) => runProgram(['check', ...options, '-c', file]);
    const good = await check('--config-only');
    expect(good.stdout).toContain('/no/such/folder does not exist');
    expect(good.stdout).toContain('no mistake');
    for (const heading of ['Database', 'Processes']) expect(good.stdout).not.toContain(`${heading}\n`);
    expect(good.stdout).toMatch(/, 0 faults: ready, with something to look at\n$/);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect((await check()).code).toBe(EX_CONFIG);

    await writeFile(file, `${elsewhere}repeat_after = often\n`, { mode: 0o600 });
    const bad = await check('--config-only', '--json');
    expect(bad.code).toBe(EX_CONFIG);
    expect(bad.stdout).toContain('notify.repeat_after');
    expect((await check('--config-only', '--dry-run', 'x')).code).toBe(EX_USAGE);
  });

  itAsRoot('not for this user: says to use sudo, exit code 77', async () => {
    const workspace = await createWorkspace();
    onTestFinished(() => workspace.remove());
    const file = workspace.path('config.ini');
    await writeFile(file, '[database]\nuser = x\n', { mode: 0o600 });
    await chmod(workspace.directory, 0o755);
    for (const options of [[], ['--dry-run', 'mailer']]) {
      const { code, stdout, stderr } = await runProgramAsNobody(['check', ...options, '-c', file]);
      expect(code).toBe(EX_NOPERM);
      expect(stdout + stderr).toContain(`this user may not read ${file}`);
      expect(stdout + stderr).toContain('→ run the command with sudo');
    }
  });

  it('shows signs and remedies, without colour where it is no terminal, in ASCII where the locale has no more', async () => {
    const scene = await openCheckScene(server, { processes: ['mailer', 'web server'] });
    const { code, stdout } = await scene.run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}✔ {2}mailer +runs restart_command: /m);
    expect(stdout).toMatch(/^ {2}✘ {2}web server .*refused\n {6}→ rename it in PROCESE/m);
    expect(stdout).not.toContain('\x1b');
    const plain = await runProgram(['check', '-c', scene.configFile], { env: { LC_ALL: 'C' } });
    expect(plain.stdout).toMatch(/^ {2}x {2}web server .*refused\n {6}-> rename it in PROCESE/m);
    expect(plain.stdout).not.toMatch(/\P{ASCII}/u);
  });

  it('R14: shows the control characters of a hostile name', async () => {
    const scene = await openCheckScene(server, { processes: ['a\n  ✔  all is well\u001b[2J'] });
    const { stdout } = await scene.run('--no-health');
    expect(stdout).toContain('a\\n  ✔  all is well\\x1b[2J');
  });

  it('R24: says so where the password can be read by others, and never shows it', async () => {
    const scene = await openCheckScene(server);
    await writeFile(scene.workspace.path('secret'), scene.database.password, { mode: 0o644 });
    await scene.configure({ database: { password: '', password_file: 'secret' } });
    const open = await scene.run();
    expect(open.code).toBe(EX_CONFIG);
    expect(open.stdout).toContain('every user may read');
    await chmod(scene.workspace.path('secret'), 0o600);
    const { code, stdout } = await scene.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /✔ {2}password_file +.*secret, root's, mode 0600|! {2}password_file .*a service that runs as root refuses/,
    );
    expect(open.stdout + stdout).not.toContain(scene.database.password);
  });

  it('finds the folders that cannot be written', async () => {
    const scene = await openCheckScene(server);
    await scene.configure({
      monitor: { state_file: `${scene.configFile}/state.json` },
      logging: { file: '/proc/monitor_service/log' },
    });
    const { code, stdout } = await scene.run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ {2}state_file +.*config\.ini is not a folder\n {6}→ make /);
    // For root a fault, for anybody else a warning: root might be able to.
    expect(stdout).toMatch(/[✘!] {2}log +.*\/proc/);
  });

  itAsRoot(
    'finds the files of the service that another user has put there, the history among them',
    async () => {
      const scene = await openCheckScene(server);
      const history = scene.workspace.path('history.jsonl');
      await writeFile(history, '');
      await chown(history, 12_345, 0);
      await scene.configure({ monitor: { history_file: history } });
      const { code, stdout } = await scene.run('--no-health');
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /✘ {2}history_file +the service does not use .*: it belongs to uid 12345\n {6}→ mv /,
      );
    },
  );

  it('is not upset by a reader that has seen enough', async () => {
    const scene = await openCheckScene(server);
    const program = fileURLToPath(new URL('../../../bin/monitor_service', import.meta.url));
    const child = spawn('/bin/sh', [
      '-c',
      '"$0" "$1" check -c "$2" | head -n 1',
      process.execPath,
      program,
      scene.configFile,
    ]);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    expect(stdout).toBe('Configuration\n');
    expect(stderr).toBe('');
  });

  it.each([
    [['check', '--no-such-option'], /unknown option/],
    [['check', '--dry-run'], /argument missing/],
    [['check', 'mailer'], /too many arguments/],
  ])('wrong arguments: %j', async (args, message) => {
    const { code, stderr } = await runProgram(args);
    expect(code).toBe(EX_USAGE);
    expect(stderr).toMatch(message);
  });

  it('--help shows its options and exit codes', async () => {
    const { code, stdout } = await runProgram(['check', '--help']);
    expect(code).toBe(0);
    for (const words of ['--dry-run <name>', '--no-health', '--json', 'Exit code: 0'])
      expect(stdout).toContain(words);
  });

  it(
    'looks at a thousand processes',
    async () => {
      const processes = Array.from({ length: 1000 }, (_, index) => `p${index}`);
      const scene = await openCheckScene(server, { processes });
      await scene.configure({ 'process.default': { restart_command: 'true', health_check_command: 'true' } });
      const { sections, code } = await scene.check();
      expect(code).toBe(0);
      const findings = sections.find(({ heading }) => heading === 'Processes')?.findings ?? [];
      expect(new Set(findings.map(({ subject }) => subject))).toEqual(new Set(processes));
      // Where they took too long altogether it says so instead.
      expect(findings.filter(({ message }) => /health/.test(message))).toHaveLength(1000);
    },
    LONG_TEST_MS,
  );
});
