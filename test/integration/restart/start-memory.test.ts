import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { StartMemory } from '../../../src/restart/start/start-memory.js';
import { readStartMemory, writeStartMemory } from '../../../src/restart/start/start-memory-file.js';
import { rememberRunning } from '../../../src/restart/strategies/remember-running.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { itAsRoot } from '../../support/conditional-tests.js';
import { describeProcess, isAlive, pidsWith } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

const { signal } = new AbortController();

let work: Workspace;
beforeEach(async () => {
  work = await createWorkspace();
});
afterEach(() => work.remove());

async function remember(name: string, memory = new StartMemory(), settings = {}): Promise<StartMemory> {
  await rememberRunning(targetOf(name, settings), memory, snapshotHost(undefined));
  return memory;
}

function save(memory: StartMemory): Promise<void> {
  return writeStartMemory(work.path('starts'), { starts: memory.snapshot(), begun: [...memory.begun] });
}

function saved() {
  return readStartMemory(work.path('starts'));
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor('its end', async () => !(await isAlive(pid)));
}

describe('R26: how a process runs is remembered', () => {
  it('and a daemon that died is started as it was, by the next run of the service too', async () => {
    const name = work.name();
    const env = { SECRET: 'zebra', LD_LIBRARY_PATH: work.directory };
    const old = await work.start(await work.executable(name), ['1234'], { env });
    const before = await describeProcess(old.pid);
    await save(await remember(name));
    await kill(old.pid);

    const memory = new StartMemory((await saved()).starts);
    await createRestart({ systemd: undefined, memory })(targetOf(name), signal);

    const [pid = 0] = await pidsWith(name);
    expect(await describeProcess(pid)).toEqual(before);
  });

  itAsRoot(
    'R29: also when it gave up root after it was seen, by this run of the service and the next',
    async () => {
      const name = work.name();
      const script = await work.script(
        name,
        [
          '$SIG{USR1} = sub { $) = "65534 65534"; $( = 65534; $< = $> = 65534 };',
          'open READY, ">", "$0.ready"; sleep 1 while 1;',
        ],
        '/usr/bin/perl',
      );
      const daemon = await work.start(script, []);
      await waitFor('its handler', async () => (await readdir(work.directory)).includes(`${name}.ready`));
      const memory = await remember(name);
      await save(memory);
      daemon.kill('SIGUSR1');
      await waitFor('its other user', async () =>
        (await describeProcess(daemon.pid)).uid?.startsWith('65534'),
      );
      const later = new StartMemory((await saved()).starts);
      for (const known of [memory, later]) {
        expect(known.get(name)).toMatchObject([{ credentials: { uid: 0 } }]);
        const health = createHealthCheck({ systemd: undefined, memory: known });
        expect(await health(targetOf(name), undefined, { timeoutMs: 30_000 })).toMatchObject({
          healthy: true,
        });
        await remember(name, known);
        expect(known.get(name)).toMatchObject([{ credentials: { uid: 65_534 } }]);
      }
      const text = JSON.parse(await readFile(work.path('starts'), 'utf8'));
      await writeFile(work.path('starts'), JSON.stringify({ ...text, boot: 'another' }));
      const [start] = (await saved()).starts.get(name) ?? [];
      expect(start).toMatchObject({ credentials: { uid: 0 } });
      expect(start?.seenAs).toBeUndefined();
    },
  );

  it('in a file for root alone', async () => {
    await writeFile(work.path('starts.new'), 'somebody put it there', { mode: 0o666 });
    await save(new StartMemory());
    expect((await stat(work.path('starts'))).mode & 0o777).toBe(0o600);
  });

  it('also when it is dead by now; and forgotten when it runs in a way that cannot be given back', async () => {
    const name = work.name();
    const old = await work.start(await work.executable(name));
    const memory = await remember(name);
    await kill(old.pid);
    await remember(name, memory);
    expect(memory.get(name)).toHaveLength(1);

    const { pid } = await work.start(work.path(name), ['1000'], { argv0: name });
    process.kill(pid, 'SIGSTOP');
    await remember(name, memory, { startCommand: 'true' });
    expect(memory.get(name)).toBeUndefined();
  });

  it.each([{ hasSection: false }, { hasSection: true, settings: { startCommand: 'true' } }])(
    'but not for %j',
    async ({ hasSection, settings }) => {
      const name = work.name();
      await work.start(await work.executable(name));
      const memory = new StartMemory();
      await rememberRunning({ ...targetOf(name, settings), hasSection }, memory, snapshotHost(undefined));
      expect(memory.get(name)).toBeUndefined();
    },
  );

  it('R11: of two instances of which one was stopped, both run after the next restart; one that was never stopped stays alone', async () => {
    const name = work.name();
    const file = await work.executable(name);
    const stopped = await work.start(file, ['1001']);
    await work.start(file, ['1002']);
    const target = { ...targetOf(name), hasSection: false };
    const memory = await remember(name);
    await memory.begin(name);
    await save(memory);
    await kill(stopped.pid);

    const { starts, begun } = await saved();
    const restart = createRestart({ systemd: undefined, memory: new StartMemory(starts, begun) });
    await restart(target, signal);
    const argumentsOf = async () =>
      (await Promise.all((await pidsWith(name)).map(describeProcess))).map(({ argv }) => argv?.[1]).sort();
    expect(await argumentsOf()).toEqual(['1001', '1002']);

    // With a verdict nothing is owed any more.
    const known = new StartMemory((await saved()).starts);
    const [pid = 0] = await pidsWith(name);
    await kill(pid);
    await createRestart({ systemd: undefined, memory: known })(target, signal);
    expect(await argumentsOf()).toHaveLength(1);
  });

  it('R11: a bad entry of the file costs that entry alone', async () => {
    const name = work.name();
    await work.start(await work.executable(name));
    await save(await remember(name));
    const text = JSON.parse(await readFile(work.path('starts'), 'utf8'));
    text.starts.other = [{ kind: 'program', file: 'relative' }];
    await writeFile(work.path('starts'), JSON.stringify(text));
    expect([...(await saved()).starts.keys()]).toEqual([name]);
    expect(await readStartMemory(work.path('none'))).toEqual({ starts: new Map(), begun: [] });
  });
});
