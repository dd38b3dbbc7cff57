import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { STATUS_REPORT } from '../../../src/control/status-report.js';

export const PROGRAM = fileURLToPath(new URL('../../../bin/monitor_service', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the program to its end, without a terminal, as alice behind sudo. */
export async function runCommand(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, SUDO_USER: 'alice' },
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** The commands of one service. */
export function commandsOf(configFile: string) {
  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommand([...args, '--config', configFile]);
  return {
    run,
    /** What `status --json` says of a service that runs. */
    async status() {
      const { code, stdout, stderr } = await run('status', '--json');
      if (code !== 0) throw new Error(`status: exit code ${code}: ${stdout}${stderr}`);
      return STATUS_REPORT.extend({ isRunning: z.literal(true) }).parse(JSON.parse(stdout));
    },
  };
}
