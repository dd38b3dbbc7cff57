import { open, rename, rm } from 'node:fs/promises';

/** node_exporter runs as a user of its own. */
const FOR_ALL_TO_READ = 0o644;

/**
 * Writes a file for node_exporter so that it never reads half of one: beside it, then renamed. The folder may belong to
 * another user, who could have put a link in the place of what is written: `wx` follows none.
 */
export async function writeTextfile(file: string, text: string): Promise<void> {
  // node_exporter takes only names that end in .prom.
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  try {
    const handle = await open(beside, 'wx', FOR_ALL_TO_READ);
    try {
      await handle.writeFile(text);
      // Whatever our umask is.
      await handle.chmod(FOR_ALL_TO_READ);
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
