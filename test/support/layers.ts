import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Checks that imports point down the layers of docs/architecture.md, and that what must be pure is. Prints every
 * fault, and what was checked, so that a check which silently looks at nothing is seen.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['service', 'control', 'restart', 'db', 'state', 'telemetry', 'config', 'domain', 'lib'],
  service: [
    'streams',
    'operators',
    'control',
    'restart',
    'db',
    'state',
    'telemetry',
    'config',
    'domain',
    'lib',
  ],
  streams: ['operators', 'domain'],
  operators: ['domain'],
  restart: ['config', 'domain', 'lib'],
  db: ['config', 'domain', 'lib'],
  state: ['config', 'domain', 'lib'],
  telemetry: ['config', 'domain', 'lib'],
  control: ['config', 'domain', 'lib'],
  config: ['domain'],
  domain: [],
  /** What Node.js lacks, with nothing of ours in it. Not for the layers without a clock of their own. */
  lib: [],
};
/** Layers below the service know the configuration as types only: who reads the file is not their business. */
const CONFIG_AS_TYPES = ['restart', 'db', 'state', 'telemetry', 'control'];
const NO_PACKAGES = ['domain'];
const NO_NODE = ['domain', 'operators', 'streams'];
const NO_CLOCK = ['domain', 'operators', 'streams'];
const CLOCK =
  /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bperformance\.|\bprocess\.(env|pid|on|exit|hrtime|nextTick|argv|std\w+)\b|\bMath\.random\(/;

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const IMPORT = /\b(import type|import|export)\b(?:[^;'"]*?\bfrom\s*|\s*\(?\s*)'([^']+)'/g;

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../../src');
const faults: string[] = [];
let imports = 0;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

for (const file of files) checkFile(file);
if (files.length < 20 || imports < files.length)
  faults.push(`only ${files.length} files, ${imports} imports found`);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`layers: ${files.length} files, ${imports} imports checked, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function checkFile(file: string): void {
  const layer = layerOf(file);
  const allowed = MAY_IMPORT[layer];
  if (!allowed) {
    faults.push(`src/${file}: ${layer} is no known layer`);
    return;
  }
  const text = readFileSync(join(source, file), 'utf8');
  if (NO_CLOCK.includes(layer) && CLOCK.test(text))
    faults.push(`src/${file}: has a clock, chance or the process of its own`);
  for (const [, keyword = '', target = ''] of text.matchAll(IMPORT)) {
    imports += 1;
    const fault = checkImport(file, layer, allowed, keyword, target);
    if (fault) faults.push(`src/${file}: ${fault}`);
  }
}

function checkImport(
  file: string,
  layer: string,
  allowed: readonly string[],
  keyword: string,
  target: string,
): string | undefined {
  if (!target.startsWith('.')) {
    if (NO_PACKAGES.includes(layer) || (NO_NODE.includes(layer) && target.startsWith('node:'))) {
      return `${layer} must not import ${target}`;
    }
    return undefined;
  }
  // No layer, but what this build is: its version.
  if (target.endsWith('/package.json')) return undefined;
  const imported = layerOf(relative(source, resolve(source, dirname(file), target)));
  if (imported !== layer && !allowed.includes(imported))
    return `${layer} must not import ${imported} (${target})`;
  if (imported === 'config' && CONFIG_AS_TYPES.includes(layer) && keyword !== 'import type') {
    return `${layer} may import types from config only (${target})`;
  }
  return undefined;
}

function layerOf(file: string): string {
  const [first = ''] = file.split('/');
  return first.replace(/\.[jt]s$/, '');
}
