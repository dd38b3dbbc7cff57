import type { Lab } from '../scene/lab.js';
import { type Raiser, startRaiser } from './raiser.js';

/** Starts raiser number `index` of a lab; `pauseMs` is its mean pause between two transactions. */
export function startOneRaiser(lab: Lab, index: number, pauseMs: number): Raiser {
  return startRaiser({
    connect: async () => {
      const connection = await lab.server.connect({ database: lab.database.name });
      await connection.query('SET SESSION innodb_lock_wait_timeout = 5, lock_wait_timeout = 5');
      return connection;
    },
    random: lab.random.fork(`raiser ${index}`),
    commits: lab.commits,
    traffic: lab.traffic,
    flavour: lab.server.flavour,
    directory: lab.workspace.directory,
    pauseMs,
  });
}
