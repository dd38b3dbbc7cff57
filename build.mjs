// Makes dist/ of src/: a few files in place of the 1,200 modules that the service and its packages consist of. To find
// and read those was two fifths of its start, and to keep their text was a fifth of its memory (docs/performance.md).
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { makeSbom } from './packaging/sbom.mjs';
import { buildPage } from './web/build-page.mjs';

const directory = 'dist';
// Installed as they are: zongji tells connections and pools of mysql2 by the names of their classes.
const external = ['mysql2', '@vlasky/zongji'];
/** Only for the package itself: an alias would count for the files in it as well. */
const fewDates = {
  name: 'few-dates',
  setup: ({ onResolve }) =>
    void onResolve({ filter: /^date-fns$/ }, () => ({ path: resolve('few-dates.mjs') })),
};
// Chunks are named by what is in them: those of the last build would stay.
await rm(directory, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir: directory,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // What a command imports when it needs it stays a file of its own.
  splitting: true,
  external,
  alias: { 'fast-xml-builder': './no-xml.mjs', 'fast-xml-parser': './no-xml.mjs' },
  plugins: [fewDates],
  // Comments go, names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  metafile: true,
  // Packages that are not ES modules yet ask for modules of Node.js with require.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
const page = await buildPage(join(directory, 'web'));
const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
const bundled = packagesOf(filesIn([...Object.values(metafile.outputs), ...page]));
const beside = packagesFor(external);
await writeFile(join(directory, 'LICENSES.txt'), await licencesOf(bundled));
const sbom = makeSbom(lock, [...bundled, ...beside]);
await writeFile(join(directory, 'sbom.cdx.json'), `${JSON.stringify(sbom, undefined, 2)}\n`);
// What `make install` copies beside the bundle.
await writeFile(join(directory, 'packages.txt'), `${beside.join('\n')}\n`);

/** The files of which something is in these parts of the bundle: a module that nobody uses is left out of it. */
function filesIn(outputs) {
  return outputs.flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
}

/** The folders of the packages that these files are from. */
function packagesOf(files) {
  const found = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(found)].sort();
}

/** They go where the code of their packages goes. */
async function licencesOf(packages) {
  const texts = packages.map(async (path) => {
    const licence = (await readdir(path)).find((file) => /^licen[cs]e/i.test(file));
    if (licence === undefined) throw new Error(`${path} has no licence to go with it into the bundle`);
    return `${path.replace('node_modules/', '')}\n\n${await readFile(join(path, licence), 'utf8')}`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folders of these packages and of what they depend on. A folder within another comes with it. */
function packagesFor(names) {
  const { packages } = lock;
  const found = new Set();
  const add = (name, user) => {
    const path = foldersFor(name, user).find((folder) => folder in packages);
    if (path === undefined)
      throw new Error(`package-lock.json has no ${name}, which ${user || 'the bundle'} needs`);
    if (found.has(path)) return;
    found.add(path);
    for (const dependency of Object.keys(packages[path].dependencies ?? {})) add(dependency, path);
  };
  for (const name of names) add(name, '');
  return [...found].filter((path) => path.lastIndexOf('node_modules/') === 0).sort();
}

/** Where Node.js looks for a package, nearest first: in its user, then in each package around that. */
function foldersFor(name, user) {
  const folders = [];
  for (let end = user.length; end > 0; end = user.lastIndexOf('/node_modules/', end - 1))
    folders.push(`${user.slice(0, end)}/node_modules/${name}`);
  return [...folders, `node_modules/${name}`];
}
