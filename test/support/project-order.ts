import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The order of `npm test`: first the files that start servers, last the pure ones. Those are short, so that all
 * workers end together. A project is not mixed with another one: a worker that takes one file after the other of a project
 * without isolation keeps what they have loaded.
 */
export class ProjectOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return PROJECTS.flatMap((name) => sorted.filter(({ project }) => project.name === name));
  }
}

/** Of vitest.config.ts. */
const PROJECTS = ['integration', 'restart', 'pure'];
