import { z } from 'zod';
import { STATUS_REPORT } from '../../../src/control/status-report.js';
import { type ProgramRun, runProgram } from '../program.js';

const RUNNING = STATUS_REPORT.extend({ isRunning: z.literal(true) });

/** The commands of the administrator, for the service of one configuration file. */
export interface Commands {
  /** Runs one command to its end, e.g. `run('pause', 'httpd')`. */
  run(...args: readonly string[]): Promise<ProgramRun>;
  /** What `status --json` says of a service that runs. */
  status(): Promise<z.infer<typeof RUNNING>>;
}

export function commandsOf(configFile: string): Commands {
  const run = (...args: readonly string[]): Promise<ProgramRun> =>
    runProgram([...args, '--config', configFile]);
  return {
    run,
    async status() {
      const { code, stdout, stderr } = await run('status', '--json');
      if (code !== 0) throw new Error(`status: exit code ${code}: ${stdout}${stderr}`);
      return RUNNING.parse(JSON.parse(stdout));
    },
  };
}
