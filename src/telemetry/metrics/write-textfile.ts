import { open, rename, rm } from 'node:fs/promises';

/** node_exporter runs as a different user. */
const READABLE_BY_ALL = 0o644;

/**
 * Writes a file for node_exporter under another name and renames it, so that node_exporter never reads half a file. The
 * folder may belong to another user, who could have placed a symbolic link under that name: `wx` does not follow it.
 */
export async function writeTextfile(file: string, text: string): Promise<void> {
  // node_exporter takes only names that end in .prom.
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  try {
    const handle = await open(beside, 'wx', READABLE_BY_ALL);
    try {
      await handle.writeFile(text);
      // Independent of our umask.
      await handle.chmod(READABLE_BY_ALL);
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
