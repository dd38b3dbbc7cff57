import { fileURLToPath } from 'node:url';
import { checkExports } from './layers/check-exports.js';
import { checkLayers } from './layers/check-layers.js';
import { checkRooms } from './layers/check-rooms.js';
import { readSourceFiles } from './layers/source-files.js';

/*
 * Checks that imports point down the layers of docs/architecture.md, that what must be pure is, that no folder or file
 * is too large, and that what is exported is used. Prints every fault, and what was checked, so that a check which
 * silently looks at nothing is seen.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readSourceFiles(root, ['src', 'web']);
const users = readSourceFiles(root, ['test', 'bench', 'demo']);
const imports = files.reduce((sum, file) => sum + file.imports.length, 0);

const faults = [...files.flatMap(checkLayers), ...checkRooms(files), ...checkExports(files, users)];
if (files.length < 20 || imports < files.length || users.length < 20)
  faults.push(`only ${files.length} files, ${imports} imports and ${users.length} users found`);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`layers: ${files.length} files, ${imports} imports checked, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
