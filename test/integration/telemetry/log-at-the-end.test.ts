import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFixture } from '../../support/telemetry/log-fixture.js';
import { until } from '../../support/telemetry/until.js';

const program = fileURLToPath(new URL('../../support/telemetry/log-program.ts', import.meta.url));

describe('a process that logs', () => {
  let fixture: LogFixture;
  let child: ChildProcessByStdio<Writable, Readable, Readable>;
  let told: string;
  beforeEach(() => {
    fixture = new LogFixture();
    told = '';
  });
  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await fixture.remove();
  });

  async function start(ending: string): Promise<void> {
    const file = join(fixture.directory, 'monitor_service.log');
    child = spawn(process.execPath, ['--import', 'tsx', program, file, ending], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    await until('it has opened its log', () => told.includes('opened\n'));
  }

  it('R13: has every line in the file when it exits at once', async () => {
    await start('exit');
    child.stdout.resume();
    child.stdin.write('go\n');
    await once(child, 'exit');
    expect(fixture.lines()).toHaveLength(1000);
    expect(fixture.lines().at(-1)).toContain('httpd: line 1000');
  });

  it('R13: has its last line in the file after an uncaught exception', async () => {
    await start('throw');
    child.stdout.resume();
    child.stdin.write('go\n');
    await once(child, 'exit');
    expect(fixture.lines()).toEqual([
      expect.stringContaining('ends after an uncaught exception error="nobody caught this"'),
    ]);
  });

  it('R13: lives on with its file when nobody reads stdout any more', async () => {
    await start('flood');
    child.stdout.destroy();
    child.stdin.write('go\n');
    await until('it comes through', () => told.includes('flooded'));
    await until('it notices', () =>
      fixture.lines().some((line) => line.includes('cannot write to stdout: write EPIPE')),
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(fixture.lines().filter((line) => line.includes('cannot write to stdout'))).toHaveLength(1);
    expect(fixture.lines().filter((line) => line.includes('httpd: line'))).toHaveLength(5000);
    expect(fixture.lines().at(-1)).toContain('still here');
  });

  it('R13: is not held up by a reader of stdout that stands still', async () => {
    await start('flood');
    child.stdout.pause();
    child.stdin.write('go\n');
    await until('it comes through', () => told.includes('flooded'));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(fixture.lines()).toHaveLength(5001);
    expect(fixture.lines().at(-1)).toContain('still here');
  });
});
