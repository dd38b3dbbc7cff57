import { readdir, readFile, readlink } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHealthCheck } from '../../../src/restart/health/health-check.js';
import { findProcesses } from '../../../src/restart/processes/find-processes.js';
import { createRestart } from '../../../src/restart/strategies/restart.js';
import { isRoot, itAsRoot } from '../../support/conditional-tests.js';
import { describeProcess, isAlive } from '../../support/restart/proc.js';
import { targetOf } from '../../support/restart/target.js';
import { waitFor } from '../../support/restart/wait-for.js';
import { createWorkspace, type Workspace } from '../../support/restart/workspace.js';

/** Real processes: each round costs a second or two. */
const ROUNDS = { numRuns: 6, endOnFailure: true };
const NOBODY = 65534;
const { signal } = new AbortController();

/** What a process on the host may be to a name. */
const KINDS = {
  executable: { is: 'it' },
  /** `exec -a NAME other`. */
  'its own name': { is: 'it' },
  script: { is: 'it' },
  'behind a link': { is: 'it' },
  'in a network of its own': { is: 'it', needsRoot: true },
  'of another user': { is: 'theirs', needsRoot: true },
  'of another user by its own name': { is: 'theirs', needsRoot: true },
  'on a terminal': { is: 'a session' },
  'a longer name': { is: 'another' },
  'a shorter name': { is: 'another' },
  'a name that ends with it': { is: 'another' },
  'an argument': { is: 'another' },
  'a folder': { is: 'another' },
  'text for a shell': { is: 'another' },
} as const satisfies Readonly<
  Record<string, { readonly is: 'it' | 'theirs' | 'a session' | 'another'; readonly needsRoot?: true }>
>;
type Kind = keyof typeof KINDS;

const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => isRoot || !('needsRoot' in KINDS[kind]));
const host = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 7 });

/** Starts one, and tells its pid when it is what it is to be. */
async function startOne(work: Workspace, name: string, kind: Kind, index: number): Promise<number> {
  const file = (called: string) => work.executable(`${index}/${called}`);
  await work.directoryFor(`${index}`);
  const own = ['1000'];
  const isExecuted = async (pid: number, path: string): Promise<number> => {
    await waitFor(`${kind} to be executed`, async () => (await exeOf(pid)) === path);
    return pid;
  };
  switch (kind) {
    case 'executable':
      return (await work.start(await file(name), own)).pid;
    case 'its own name':
      return (await work.start(await file('other'), own, { argv0: name })).pid;
    case 'script': {
      const script = await work.script(`${index}/${name}`, ['while :; do sleep 1; done']);
      const { pid } = await work.start(script, []);
      await waitFor('the script', async () => (await describeProcess(pid)).argv.includes(script));
      return pid;
    }
    case 'behind a link':
      return (await work.start(await work.link(`${index}/${name}`, '/bin/sleep'), own)).pid;
    case 'in a network of its own': {
      const path = await file(name);
      return isExecuted((await work.start('/usr/bin/unshare', ['--net', path, ...own])).pid, path);
    }
    case 'of another user':
      return (await work.start(await file(name), own, { uid: NOBODY, gid: NOBODY })).pid;
    case 'of another user by its own name':
      return (await work.start(await file('other'), own, { argv0: name, uid: NOBODY, gid: NOBODY })).pid;
    case 'on a terminal': {
      const path = await file(name);
      await work.start('/usr/bin/script', ['-qc', `exec ${path} 1000`, '/dev/null'], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      return waitFor('the one on a terminal', () => findByExe(path));
    }
    case 'a longer name':
      return (await work.start(await file(`${name}_exporter`), own)).pid;
    case 'a shorter name':
      return (await work.start(await file(name.slice(0, -1)), own)).pid;
    case 'a name that ends with it':
      return (await work.start(await file(`my-${name}`), own)).pid;
    case 'an argument': {
      const script = await work.script(`${index}/wrapper`, ['while :; do sleep 1; done']);
      const { pid } = await work.start(script, [name, `/opt/${name}`]);
      await waitFor('the wrapper', async () => (await describeProcess(pid)).argv.includes(script));
      return pid;
    }
    case 'a folder': {
      await work.directoryFor(`${index}/${name}`);
      return (await work.start(await file(`${name}/server`), own)).pid;
    }
    case 'text for a shell':
      return (await work.start('/bin/sh', ['-c', 'sleep 1000; :', name])).pid;
  }
}

function startAll(work: Workspace, name: string, all: readonly Kind[]) {
  return Promise.all(
    all.map(async (kind, index) => ({ kind, pid: await startOne(work, name, kind, index) })),
  );
}

async function exeOf(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/exe`).catch(() => '');
}

async function findByExe(file: string): Promise<number | undefined> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  for (const pid of pids) if ((await exeOf(pid)) === file) return pid;
  return undefined;
}

const sorted = (pids: readonly number[]): number[] => [...pids].sort((a, b) => a - b);

describe('R18, R28, R29: among whatever runs on a host', () => {
  it('the processes of a name are found, and called healthy, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(host, async (all) => {
        const work = await createWorkspace();
        try {
          const name = work.name();
          const started = await startAll(work, name, all);
          const pidsOf = (...which: readonly string[]): number[] =>
            sorted(started.filter(({ kind }) => which.includes(KINDS[kind].is)).map(({ pid }) => pid));

          const found = await findProcesses(name);
          expect(sorted(found.instances.map(({ root }) => root.pid))).toEqual(pidsOf('it', 'theirs'));
          expect(sorted(found.onTerminal.map(({ root }) => root.pid))).toEqual(pidsOf('a session'));

          const check = createHealthCheck({ systemd: undefined });
          const healthy = async (settings: { processUser?: string }): Promise<boolean> =>
            (await check(targetOf(name, settings), undefined, { timeoutMs: 30_000 })).healthy;
          expect(await healthy({})).toBe(pidsOf('it', 'theirs').length > 0);
          const me = String(process.getuid?.());
          expect(await healthy({ processUser: me })).toBe(pidsOf('it').length > 0);
        } finally {
          await work.remove();
        }
      }),
      { ...ROUNDS, examples: [[kinds.slice(0, 7)], [kinds.slice(7)]] },
    );
  });

  it('a restart touches those that it starts again as they were, or none', async () => {
    await fc.assert(
      fc.asyncProperty(host, async (all) => {
        const work = await createWorkspace();
        try {
          const name = work.name();
          const started = await startAll(work, name, all);
          const isMine = (kind: Kind): boolean => KINDS[kind].is === 'it';
          const mine = started.filter(({ kind }) => isMine(kind));
          const before = await Promise.all(mine.map(({ pid }) => describeProcess(pid)));
          const target = targetOf(name, { processUser: String(process.getuid?.()) });
          const error = await createRestart({ systemd: undefined })(target, signal).then(
            () => undefined,
            (refused: unknown) => refused,
          );

          const isRefused = mine.length === 0 || all.includes('in a network of its own');
          expect(error === undefined).toBe(!isRefused);
          for (const { kind, pid } of started) expect(await isAlive(pid)).toBe(isRefused || !isMine(kind));
          if (isRefused) return;
          const { instances } = await findProcesses(name);
          const others = started.map(({ pid }) => pid);
          const now = instances.map(({ root }) => root.pid).filter((pid) => !others.includes(pid));
          const after = await Promise.all(now.map(describeProcess));
          const texts = (processes: typeof before): string[] =>
            processes.map(({ ppid: _, ...what }) => JSON.stringify(what)).sort();
          expect(texts(after)).toEqual(texts(before));
        } finally {
          await work.remove();
        }
      }),
      { ...ROUNDS, examples: [[kinds.filter((kind) => kind !== 'in a network of its own')]] },
    );
  });
});

/** Traits that a start can give back, each as a program that sets it and becomes the next. */
const traits = fc.record({
  nice: fc.integer({ min: -5, max: 10 }),
  policy: fc.constantFrom(['chrt', '--other', '0'], ['chrt', '--batch', '0'], ['chrt', '--idle', '0']),
  io: fc.constantFrom(['ionice', '-c2', '-n1'], ['ionice', '-c3'], ['ionice', '-c2', '-n7']),
  cpus: fc.constantFrom(['taskset', '-c', '0'], ['env']),
  oom: fc.integer({ min: -500, max: 500 }),
  umask: fc.constantFrom('022', '077', '027', '002'),
  files: fc.integer({ min: 100, max: 1000 }),
  core: fc.constantFrom('0', '7', 'unlimited'),
  privileges: fc.constantFrom(['--no-new-privs'], ['--bounding-set=-all,+chown,+kill'], []),
  argv0: fc.constantFrom('my own name', '-login', 'x', undefined),
  args: fc.array(fc.constantFrom('$HOME', '`id`', "it's", '"', '*', 'ünï', '-x', 'two words'), {
    maxLength: 3,
  }),
});

describe('R28: a process with whatever traits', () => {
  itAsRoot('comes back with them', async () => {
    await fc.assert(
      fc.asyncProperty(
        traits,
        async ({ nice, policy, io, cpus, oom, umask, files, core, privileges, argv0, args }) => {
          const work = await createWorkspace();
          try {
            const name = work.name();
            const script = await work.script(name, ['while :; do sleep 1; done'], '/bin/bash');
            const file = await work.executable(`${name}-program`);
            const target = argv0 === undefined ? name : `${name}-program`;
            const program =
              argv0 === undefined
                ? [script, ...args]
                : ['/bin/bash', '-c', 'exec -a "$0" "$@"', argv0, file, '1000'];
            const how = `ulimit -S -c ${core}; ulimit -n ${files}; echo ${oom} >/proc/self/oom_score_adj; umask ${umask}; exec "$@"`;
            const setpriv = privileges.length === 0 ? [] : ['setpriv', ...privileges];
            const words = ['nice', '-n', String(nice), ...io, ...cpus, ...policy, ...setpriv, ...program];
            const old = await work.start('/bin/bash', ['-c', how, 'sh', ...words]);
            await waitFor('it to run', async () => {
              const { exe, argv } = await describeProcess(old.pid);
              // Not one of the programs on the way, which have it among their arguments.
              if (argv0 === undefined) return argv[0] === '/bin/bash' && argv[1] === script;
              // In the middle of exec the file is the new one, and what is read as its arguments may be anything.
              return exe === file && argv[0] === argv0;
            });
            const before = await describeAll(old.pid);
            await createRestart({ systemd: undefined })(targetOf(target), signal);
            // With SCHED_IDLE the programs on the way take their time on a busy machine.
            await waitFor('it to run again', async () => (await findProcesses(target)).instances.length > 0);
            const [found, ...more] = (await findProcesses(target)).instances;
            expect(more).toEqual([]);
            expect(found?.root.pid).not.toBe(old.pid);
            await expect.poll(() => describeAll(found?.root.pid ?? 0)).toEqual(before);
          } finally {
            await work.remove();
          }
        },
      ),
      ROUNDS,
    );
  });
});

async function describeAll(pid: number) {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8');
  const { ppid: _, ...what } = await describeProcess(pid);
  const [stat, status, limits, oom] = await Promise.all(
    ['stat', 'status', 'limits', 'oom_score_adj'].map(read),
  );
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ');
  return {
    ...what,
    scheduling: [fields[16], fields[37], fields[38]],
    status: status?.match(/^(Umask|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed_list):.*$/gm),
    limits,
    oom,
  };
}
