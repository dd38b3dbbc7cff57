import { sweep } from './sweep.js';

// Waits beside the demo, in a session of its own. Its stdin closes when the demo is gone. One that ended in order has
// ended the caretaker too: only one that was killed with SIGKILL leaves something to do here.
const [folder] = process.argv.slice(2);
if (folder !== undefined) process.stdin.resume().on('close', () => sweep(folder));
