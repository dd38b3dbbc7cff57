import type { PrivateServer } from '../private-server.js';
import { type ProgramRun, runProgram } from '../program.js';
import type { AlarmDatabase } from '../service/alarm-database.js';
import type { ConfigSections } from '../service/config-file.js';
import { openSceneOfTest, type Scene, type SceneOptions } from '../service/scene.js';

/** A database with processes and no daemon, and the command `alarm` on it. */
interface AlarmScene {
  readonly scene: Scene;
  readonly database: AlarmDatabase;
  alarm(...args: readonly string[]): Promise<ProgramRun>;
  /** The process_ids whose alarm stands. */
  standing(): Promise<readonly number[]>;
}

/** The processes are httpd, mailer and plc, 1 to 3, unless others are given. */
export async function openAlarmScene(
  server: PrivateServer,
  options: SceneOptions = {},
  config?: ConfigSections,
): Promise<AlarmScene> {
  const scene = await openSceneOfTest(server, { processes: ['httpd', 'mailer', 'plc'], ...options });
  const file = await scene.writeConfig(config);
  const { database } = scene;
  return {
    scene,
    database,
    alarm: (...args) => runProgram(['alarm', ...args, '--config', file]),
    async standing() {
      const rows = await database.query(
        'SELECT process_id AS id FROM STATUS_PROCESS WHERE alarma = 1 ORDER BY process_id',
      );
      return (rows as { id: number }[]).map(({ id }) => id);
    },
  };
}
