// Makes dist/ of src/: a few files in place of the 1,200 modules that the service and its packages consist of. To find
// and read those was half of its start, and to keep their text was a fifth of its memory (docs/performance.md).
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const directory = 'dist';
// Chunks are named by what is in them: those of the last build would stay.
await rm(directory, { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outdir: directory,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // What a command imports when it needs it stays a file of its own.
  splitting: true,
  // Installed as they are: zongji tells connections and pools of mysql2 by the names of their classes.
  external: ['mysql2', '@vlasky/zongji'],
  // Comments go, names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  // Packages that are not ES modules yet ask for modules of Node.js with require.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
