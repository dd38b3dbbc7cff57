import { dirname } from 'node:path';
import { type ConfigSections, writeConfigFile } from '../service/config-file.js';
import type { Scene } from '../service/scene.js';

/** Writes the configuration of this scene without starting a daemon; returns its path. */
export async function writeSceneConfig(scene: Scene, more?: ConfigSections): Promise<string> {
  const file = scene.path('config.ini');
  await writeConfigFile(file, dirname(file), scene.configure(more));
  return file;
}
