import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpRequest, Reply, Route } from '../lib/http/route.js';

/** A file of the page, as it was built. */
interface Asset {
  readonly type: string;
  readonly tag: string;
  readonly plain: Buffer;
  /** By the name of the encoding, as a browser names it. */
  readonly encoded: ReadonlyMap<string, Buffer>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * The routes of the files of the page: `index.html` at /, the others in /assets/. They are read once, because an upgrade
 * replaces them under a running service. A path is compared with these names and never opened.
 */
export function assetRoutes(folder = pageFolder()): readonly Route[] {
  const names = listFiles(folder);
  return names
    .filter((name) => extname(name) in TYPES)
    .map((name) => {
      const asset = readAsset(folder, name, names);
      return {
        method: 'GET',
        path: name === 'index.html' ? '/' : `/assets/${name}`,
        answer: async (_body, request) => toReply(asset, request),
      };
    });
}

/** Beside the bundle; from the sources, where the build has put it. */
function pageFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return basename(here) === 'dist' ? join(here, 'web') : join(here, '../../dist/web');
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[\w.-]+$/.test(name));
  } catch {
    // The page was not built.
    return [];
  }
}

function readAsset(folder: string, name: string, names: readonly string[]): Asset {
  const plain = readFileSync(join(folder, name));
  const encoded = ENCODINGS.flatMap(([encoding, suffix]) =>
    names.includes(name + suffix) ? [[encoding, readFileSync(join(folder, name + suffix))] as const] : [],
  );
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    encoded: new Map(encoded),
  };
}

function toReply({ type, tag, plain, encoded }: Asset, { message }: HttpRequest): Reply {
  const headers = { 'Content-Type': type, ETag: tag, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };
  if (message.headers['if-none-match'] === tag)
    return { kind: 'bytes', status: 304, bytes: Buffer.alloc(0), headers };
  const accepted = String(message.headers['accept-encoding'] ?? '');
  for (const [encoding, bytes] of encoded) {
    if (!new RegExp(`\\b${encoding}\\b(?!;q=0(?:\\.0*)?(?:,|$))`).test(accepted)) continue;
    return { kind: 'bytes', status: 200, bytes, headers: { ...headers, 'Content-Encoding': encoding } };
  }
  return { kind: 'bytes', status: 200, bytes: plain, headers };
}
