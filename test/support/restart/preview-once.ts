import { snapshotHost } from '../../../src/restart/preview/host-snapshot.js';
import { previewRestart } from '../../../src/restart/preview/preview-restart.js';
import { targetOf } from './target.js';

/** Tells the pids that a restart would stop, as a command does that somebody calls. */
const [name = ''] = process.argv.slice(2);
const preview = await previewRestart(targetOf(name), snapshotHost(undefined));
const running = preview.kind === 'processes' ? preview.processes.running : [];
process.stdout.write(JSON.stringify(running.map(({ pid }) => pid)));
