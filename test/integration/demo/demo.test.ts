import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import { waitFor } from '../../support/restart/wait-for.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

// At the same time: mostly they wait.
describe.concurrent('npm run demo', { timeout: 180_000 }, () => {
  it('shows what it claims, exits 0 and leaves nothing behind', async (context) => {
    const demo = await startDemo(context, []);
    const [code] = await demo.closed;
    await everythingGone(demo);
    expect(demo.output()).toMatch(/\+[0-9.]+ ms +demo-web-\w+ +alarm seen \(binlog\)/);
    expect(demo.output()).toMatch(/alarm seen \(poll\)/);
    expect(demo.output()).toMatch(/circuit breaker half-open/);
    expect(demo.output()).toMatch(/binlog stream lost/);
    const [, summary = ''] = demo.output().split('Summary');
    const times = '( +[0-9.]+ ms)';
    expect(summary).toMatch(new RegExp(`daemon killed  seen in the binlog.*${times}{3}\\n`));
    expect(summary).toMatch(new RegExp(`never healthy  breaker opened, half-open.*${times}{2} +-\\n`));
    expect(summary).toMatch(new RegExp(`stream cut +caught by the fallback poll.*${times}{3}\\n`));
    expect(demo.output()).not.toContain('\u001b');
    expect({ code, ...leftBehind(demo) }).toEqual({ code: 0, processes: [], files: [] });
  });

  it('--keep goes on until Ctrl-C, with command lines that work, and then leaves nothing behind', async (context) => {
    const demo = await startDemo(context, ['--keep']);
    await demo.says(/^Log: /m);
    const raise = /^ {2}(.* "UPDATE .*")$/m.exec(demo.output())?.[1] ?? 'no such line';
    const kill = /^ {2}pkill -9 -f (.*)$/m.exec(demo.output())?.[1] ?? 'no such line';
    const url = /^ {2}(http:\S+) .*log in as demo/m.exec(demo.output())?.[1] ?? 'no such line';
    expect((await fetch(url)).status).toBe(200);
    const seenBefore = demo.output().split('alarm cleared').length;
    // Not by a shell, which would have the daemon's path among its own arguments.
    await expect(exitCode(spawn('pkill', ['-9', '-f', kill]))).resolves.toBe(0);
    await expect(exitCode(spawn('/bin/sh', ['-c', raise]))).resolves.toBe(0);
    await waitFor('the alarm to be cleared', () => demo.output().split('alarm cleared').length > seenBefore);
    demo.signalAll('SIGINT');
    await demo.closed;
    await everythingGone(demo);
    expect({ code: demo.child.exitCode, ...leftBehind(demo) }).toEqual({ code: 0, processes: [], files: [] });
  });

  it.for([
    ['while the server starts', /A private \w+/],
    ['when the service has just been started', /bin\/monitor_service run/],
    ['in the middle of a restart', /alarm seen/],
  ] as const)('Ctrl-C %s leaves nothing behind', async ([, moment], context) => {
    const demo = await startDemo(context, []);
    await demo.says(moment);
    demo.signalAll('SIGINT');
    await demo.closed;
    await everythingGone(demo);
    expect({ code: demo.child.exitCode, ...leftBehind(demo) }).toEqual({
      code: 130,
      processes: [],
      files: [],
    });
  });

  it.for([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s leaves nothing behind', async ([signal, code], context) => {
    const demo = await startDemo(context, []);
    await demo.says(/watching the binlog/);
    demo.child.kill(signal);
    await demo.closed;
    await everythingGone(demo);
    expect({ code: demo.child.exitCode, ...leftBehind(demo) }).toEqual({
      code,
      processes: [],
      files: [],
    });
  });

  it('SIGKILL leaves nothing behind', async (context) => {
    const demo = await startDemo(context, []);
    await demo.says(/watching the binlog/);
    demo.child.kill('SIGKILL');
    await demo.closed;
    await everythingGone(demo);
  });

  it('a reader that goes away, as in `| head -3`, leaves nothing behind', async (context) => {
    const demo = await startDemo(context, []);
    await demo.says(/A private/);
    demo.child.stdout?.destroy();
    await demo.closed;
    await everythingGone(demo);
    expect({ code: demo.child.exitCode, ...leftBehind(demo) }).toEqual({
      code: 141,
      processes: [],
      files: [],
    });
  });

  it('says what is wrong with its arguments', async (context) => {
    const demo = await startDemo(context, ['--server', 'oracle']);
    const [code] = await demo.closed;
    await everythingGone(demo);
    expect(demo.output()).toContain('--server oracle is not known, allowed: mariadb, mysql');
    expect({ code, ...leftBehind(demo) }).toEqual({ code: 1, processes: [], files: [] });
  });
});

/** The compiler of tsx ends by itself, when it finds that its parent has; that may be a moment later. */
async function everythingGone(demo: Demo): Promise<void> {
  await waitFor('everything to be gone', () => Object.values(leftBehind(demo)).flat().length === 0);
}

interface Demo {
  readonly child: ChildProcess;
  /** Everything the demo makes is in here, and in the environment of everything that it starts. */
  readonly folder: string;
  readonly closed: Promise<unknown[]>;
  output(): string;
  says(pattern: RegExp): Promise<void>;
  /** As the terminal does it: to everybody in the group. */
  signalAll(signal: NodeJS.Signals): void;
}

async function startDemo(context: TestContext, args: readonly string[]): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  context.onTestFinished(async () => {
    for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let hasEnded = false;
  const closed = once(child, 'close').finally(() => {
    hasEnded = true;
  });
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output)) {
      if (hasEnded) throw new Error(`ended without ${pattern.source}:\n${output}`);
      await Promise.race([once(child.stdout, 'data'), closed]);
    }
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  return { child, folder, closed, output: () => output, says, signalAll };
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'close');
  return code;
}

function leftBehind({ folder }: Demo): { processes: string[]; files: string[] } {
  return {
    processes: processesOf(folder).map((pid) => `${pid} ${readProc(pid, 'cmdline').join(' ')}`),
    // tsx keeps what it has compiled there, for its next run.
    files: readdirSync(folder).filter((name) => !name.startsWith('tsx-')),
  };
}

function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => readProc(pid, 'environ').some((entry) => entry.includes(folder)));
}

function readProc(pid: number, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
