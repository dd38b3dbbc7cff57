import type { Import, SourceFile } from './source-files.js';

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  /** web/: what runs in the browser. Of the service it has the shapes, and what is pure. */
  page: ['web', 'control', 'domain', 'lib'],
  main: ['cli'],
  cli: ['service', 'control', 'restart', 'db', 'state', 'telemetry', 'config', 'domain', 'lib'],
  service: [
    'streams',
    'operators',
    'web',
    'control',
    'restart',
    'db',
    'state',
    'telemetry',
    'config',
    'domain',
    'lib',
  ],
  web: ['control', 'config', 'domain', 'lib'],
  streams: ['operators', 'domain'],
  operators: ['domain'],
  restart: ['config', 'domain', 'lib'],
  db: ['config', 'domain', 'lib'],
  state: ['config', 'domain', 'lib'],
  telemetry: ['config', 'domain', 'lib'],
  control: ['config', 'domain', 'lib'],
  config: ['domain', 'lib'],
  domain: [],
  /** What Node.js lacks, with nothing of ours in it. Not for the layers without a clock of their own. */
  lib: [],
};
/** Layers below the service know the configuration as types only: who reads the file is not their business. */
const CONFIG_AS_TYPES = ['restart', 'db', 'state', 'telemetry', 'control', 'web'];
/** What they do is the service's: the page knows the shapes of its answers. */
const TYPES_FOR_PAGE = ['control', 'web'];
const NO_PACKAGES = ['domain'];
const NO_NODE = ['domain', 'operators', 'streams', 'page'];
const NO_CLOCK = ['domain', 'operators', 'streams'];
/** Folders of the page that are pure, of a layer that is not. */
const NO_CLOCK_IN = /^web\/model\//;
const CLOCK =
  /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bperformance\.|\bprocess\.(env|pid|on|exit|hrtime|nextTick|argv|std\w+)\b|\bMath\.random\(/;

/** Imports point down the layers of docs/architecture.md, and what must be pure is. Returns the faults. */
export function checkLayers(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  const allowed = MAY_IMPORT[layer];
  if (!allowed) return [`${file.path}: ${layer} is no known layer`];
  const clock =
    (NO_CLOCK.includes(layer) || NO_CLOCK_IN.test(file.path)) && CLOCK.test(file.text)
      ? ['has a clock, chance or the process of its own']
      : [];
  const faults = file.imports.flatMap((imported) => checkImport(layer, allowed, imported));
  return [...clock, ...faults].map((fault) => `${file.path}: ${fault}`);
}

function checkImport(layer: string, allowed: readonly string[], { keyword, target, path }: Import): string[] {
  if (path === undefined) {
    const isPure = NO_PACKAGES.includes(layer) || (NO_NODE.includes(layer) && target.startsWith('node:'));
    return isPure ? [`${layer} must not import ${target}`] : [];
  }
  // No layer, but what this build is: its version.
  if (path === 'package.json') return [];
  const imported = layerOf(path);
  if (imported !== layer && !allowed.includes(imported))
    return [`${layer} must not import ${imported} (${target})`];
  if (imported === 'config' && CONFIG_AS_TYPES.includes(layer) && keyword !== 'import type')
    return [`${layer} may import types from config only (${target})`];
  if (layer === 'page' && TYPES_FOR_PAGE.includes(imported) && keyword !== 'import type')
    return [`the page may import types from ${imported} only (${target})`];
  return [];
}

/** `src/db/tables/x.ts` is of `db`, `src/service.ts` of `service`, `web/dom/x.ts` of `page`. */
function layerOf(path: string): string {
  if (path.startsWith('web/')) return 'page';
  const [, first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}
