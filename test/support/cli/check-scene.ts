import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { PrivateServer } from '../private-server.js';
import { type ProgramRun, runProgram } from '../program.js';
import { createWorkspace, type Workspace } from '../restart/workspace.js';
import {
  type AlarmDatabase,
  type AlarmDatabaseOptions,
  createAlarmDatabase,
} from '../service/alarm-database.js';
import { type ConfigSections, mergeSections, writeConfigFile } from '../service/config-file.js';
import { createFleet, type Fleet } from '../service/fleet.js';

const report = z.object({
  ready: z.boolean(),
  ok: z.number(),
  warnings: z.number(),
  faults: z.number(),
  sections: z.array(
    z.object({
      heading: z.string(),
      findings: z.array(
        z.object({
          level: z.enum(['ok', 'warning', 'fault']),
          subject: z.string(),
          message: z.string(),
          remedy: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** What `check --json` wrote. */
export type CheckReport = z.infer<typeof report>;
export type CheckFinding = CheckReport['sections'][number]['findings'][number];

/** A database, a configuration and a fleet, without a daemon. */
export interface CheckScene {
  readonly database: AlarmDatabase;
  readonly workspace: Workspace;
  readonly fleet: Fleet;
  readonly configFile: string;
  /** Writes the configuration: the database's account, the fleet's commands, and `more` over them. */
  configure(more?: ConfigSections): Promise<void>;
  run(...args: readonly string[]): Promise<ProgramRun>;
  check(...args: readonly string[]): Promise<CheckReport & { readonly code: number | null }>;
}

export async function openCheckScene(
  server: PrivateServer,
  options: AlarmDatabaseOptions & { readonly processes?: readonly string[] } = {},
): Promise<CheckScene> {
  const workspace = await createWorkspace();
  onTestFinished(() => workspace.remove());
  const fleet = await createFleet(workspace);
  const database = await createAlarmDatabase(server, options);
  onTestFinished(() => database.drop());
  if (options.processes?.length) await database.addProcesses(...options.processes);
  const configFile = workspace.path('config.ini');
  const configure = (more: ConfigSections = {}): Promise<void> =>
    writeConfigFile(
      configFile,
      workspace.directory,
      mergeSections({ database: database.section, 'process.default': fleet.commands }, more),
    );
  const run = (...args: readonly string[]): Promise<ProgramRun> =>
    runProgram(['check', '--config', configFile, ...args]);
  await configure();
  return {
    database,
    workspace,
    fleet,
    configFile,
    configure,
    run,
    async check(...args) {
      const { code, stdout, stderr } = await run('--json', ...args);
      if (stderr !== '') throw new Error(stderr);
      return { ...report.parse(JSON.parse(stdout)), code };
    },
  };
}

/** Those that are not good. Where a host has no systemd it says so, whatever a test is about. */
export function complaints({ sections }: CheckReport): CheckFinding[] {
  return sections
    .flatMap(({ findings }) => findings)
    .filter(({ level, subject }) => level !== 'ok' && subject !== 'systemd');
}

export function faults(found: CheckReport): CheckFinding[] {
  return complaints(found).filter(({ level }) => level === 'fault');
}
