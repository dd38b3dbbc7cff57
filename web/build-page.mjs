// Makes dist/web of web/: all that the page is, in files that the service sends as they are.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

/** What a telephone has to fetch before it shows anything, compressed. */
const MAX_BYTES = 60_000;

/** @returns the outputs of esbuild's metafile, for licences and the bill of materials. */
export async function buildPage(directory) {
  await mkdir(directory, { recursive: true });
  const { metafile } = await build({
    entryPoints: [
      { in: 'web/main.ts', out: 'app' },
      { in: 'web/styles/app.css', out: 'app' },
    ],
    outdir: directory,
    bundle: true,
    platform: 'browser',
    // <dialog>, AbortSignal.any: all of them by the end of 2023.
    target: ['chrome119', 'firefox124', 'safari17.4'],
    format: 'esm',
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  const copied = ['index.html', 'icon.svg'];
  for (const file of copied) await copyFile(join('web', file), join(directory, file));
  await compress([...Object.keys(metafile.outputs), ...copied.map((file) => join(directory, file))]);
  return Object.values(metafile.outputs);
}

/** Beside each file the same compressed, so that the service never compresses. */
async function compress(paths) {
  let sum = 0;
  for (const path of paths) {
    const text = await readFile(path);
    const zipped = await promisify(gzip)(text, { level: 9 });
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    await writeFile(`${path}.gz`, zipped);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(text, { params }));
    sum += zipped.length;
  }
  if (sum > MAX_BYTES) throw new Error(`the page has ${sum} bytes with gzip, allowed: ${MAX_BYTES}`);
}
