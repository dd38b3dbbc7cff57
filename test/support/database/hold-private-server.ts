// A test run in miniature, to be killed: starts a private server, tells its pids and directory, and stays.

import { startPrivateServer } from '../private-server.js';
import type { Flavour } from '../server-programs.js';

const server = await startPrivateServer({ flavour: process.argv[2] as Flavour });
process.stdout.write(`${JSON.stringify({ pid: server.pid, directory: server.directory })}\n`);
setInterval(() => {}, 60_000);
