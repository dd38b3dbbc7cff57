import { runCommandLine } from './cli/command-line.js';
import { endProcess } from './cli/shared/end-process.js';

await endProcess(await runCommandLine(process.argv));
