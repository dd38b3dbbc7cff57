import { runCommandLine } from './cli/command-line.js';

// Explicitly: a connection that hangs on a dead server must not keep an ended service alive.
process.exit(await runCommandLine(process.argv));
