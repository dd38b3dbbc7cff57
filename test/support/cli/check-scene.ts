import { z } from 'zod';
import { isRoot } from '../conditional-tests.js';
import type { PrivateServer } from '../private-server.js';
import { type ProgramRun, runProgram } from '../program.js';
import type { Workspace } from '../restart/workspace.js';
import type { AlarmDatabase } from '../service/alarm-database.js';
import type { ConfigSections } from '../service/config-file.js';
import type { Fleet } from '../service/fleet.js';
import { openSceneOfTest, type SceneOptions } from '../service/scene.js';

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
type CheckReport = z.infer<typeof report>;
type CheckFinding = CheckReport['sections'][number]['findings'][number];

/** A database, a configuration and a fleet, without a daemon. */
interface CheckScene {
  readonly database: AlarmDatabase;
  readonly workspace: Workspace;
  readonly fleet: Fleet;
  readonly configFile: string;
  /** Writes the configuration: the database's account, the fleet's commands, and `more` over them. */
  configure(more?: ConfigSections): Promise<void>;
  run(...args: readonly string[]): Promise<ProgramRun>;
  check(...args: readonly string[]): Promise<CheckReport & { readonly code: number | null }>;
}

export async function openCheckScene(server: PrivateServer, options?: SceneOptions): Promise<CheckScene> {
  const scene = await openSceneOfTest(server, options);
  const { database, fleet, workspace } = scene;
  const configFile = await scene.writeConfig();
  const run = (...args: readonly string[]): Promise<ProgramRun> =>
    runProgram(['check', '--config', configFile, ...args]);
  return {
    database,
    workspace,
    fleet,
    configFile,
    async configure(more) {
      await scene.writeConfig(more);
    },
    run,
    async check(...args) {
      const { code, stdout, stderr } = await run('--json', ...args);
      if (stderr !== '') throw new Error(stderr);
      return { ...report.parse(JSON.parse(stdout)), code };
    },
  };
}

/** Warnings and faults, without those of the host and the user that the tests happen to run on and as. */
export function complaints({ sections }: CheckReport): CheckFinding[] {
  return sections
    .flatMap(({ findings }) => findings)
    .filter(({ level, subject }) => level !== 'ok' && subject !== 'systemd')
    .filter(
      ({ subject, message }) => isRoot || (subject !== 'user' && !/that runs as root refuses/.test(message)),
    );
}

export function faults(found: CheckReport): CheckFinding[] {
  return complaints(found).filter(({ level }) => level === 'fault');
}
