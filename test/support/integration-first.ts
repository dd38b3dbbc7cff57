import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The order of `npm test`: first the files that start servers and processes, then the pure ones. They are short, so that all
 * workers end together; and a worker that takes one after the other keeps what they have loaded, while a file that is
 * isolated needs a worker of its own.
 */
export class IntegrationFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isPure = ({ project }: TestSpecification): boolean => project.name === 'pure';
    return [...sorted.filter((file) => !isPure(file)), ...sorted.filter(isPure)];
  }
}
