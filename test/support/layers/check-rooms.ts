import { posix } from 'node:path';
import type { SourceFile } from './source-files.js';

/** Within these folders too imports point down: a room may import those that follow it, and none before it. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/restart': ['preview', 'health', 'strategies', 'start', 'systemd', 'commands', 'processes'],
  web: ['views', 'actions', 'parts', 'charts', 'live', 'dom', 'model'],
  'src/db': ['binlog', 'preflight', 'tables', 'connection'],
};
const MAX_FILES = 25;
const MAX_LINES = 250;

/** Every folder can be read at a glance, and no two rooms of one folder need each other. Returns the faults. */
export function checkRooms(files: readonly SourceFile[]): string[] {
  return [...checkSizes(files), ...checkOrder(files), ...findCircles(files)];
}

function checkSizes(files: readonly SourceFile[]): string[] {
  const inFolder = new Map<string, number>();
  for (const { path } of files)
    inFolder.set(posix.dirname(path), (inFolder.get(posix.dirname(path)) ?? 0) + 1);
  return [
    ...[...inFolder]
      .filter(([, count]) => count > MAX_FILES)
      .map(([folder, count]) => `${folder}: ${count} files, allowed: ${MAX_FILES}; it is two subjects`),
    ...files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path}: ${lines} lines, allowed: ${MAX_LINES}`),
  ];
}

function checkOrder(files: readonly SourceFile[]): string[] {
  return Object.entries(ROOMS).flatMap(([folder, order]) =>
    links(files, folder).flatMap(({ path, from, to }) => {
      const unknown = [from, to].find((room) => !order.includes(room));
      if (unknown !== undefined) return [`${folder}/${unknown} is no known room`];
      return order.indexOf(from) < order.indexOf(to) ? [] : [`${path}: ${from} must not import ${to}`];
    }),
  );
}

/** A folder may import from the folders in it and the other way round; but of two folders side by side only one the other. */
function findCircles(files: readonly SourceFile[]): string[] {
  const folders = new Set(files.flatMap(({ path }) => parents(path)));
  return [...folders].flatMap((folder) => {
    const next = new Map<string, Set<string>>();
    for (const { from, to } of links(files, folder)) next.set(from, (next.get(from) ?? new Set()).add(to));
    const circle = findCircle(next);
    return circle ? [`${folder}: the folders ${circle.join(' → ')} import each other`] : [];
  });
}

/** The way from a room back to itself, if there is one. */
function findCircle(next: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (room: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(room)) return [...way.slice(way.indexOf(room)), room];
    if (done.has(room)) return undefined;
    for (const target of next.get(room) ?? []) {
      const circle = visit(target, [...way, room]);
      if (circle) return circle;
    }
    done.add(room);
    return undefined;
  };
  for (const room of next.keys()) {
    const circle = visit(room, []);
    if (circle) return circle;
  }
  return undefined;
}

interface Link {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** The imports between two folders side by side in this one, however deep in them the files are. */
function links(files: readonly SourceFile[], folder: string): Link[] {
  return files.flatMap(({ path, imports }) =>
    imports.flatMap((imported): Link[] => {
      const from = roomIn(folder, path);
      const to = imported.path === undefined ? undefined : roomIn(folder, imported.path);
      return from === undefined || to === undefined || from === to ? [] : [{ path, from, to }];
    }),
  );
}

/** The folder in this folder that holds the file; undefined for one of the folder itself or of elsewhere. */
function roomIn(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  const [room, ...rest] = path.slice(folder.length + 1).split('/');
  return rest.length > 0 ? room : undefined;
}

function parents(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}
