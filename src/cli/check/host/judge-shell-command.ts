import { type Finding, faultFinding, warningFinding } from '../../../domain/finding.js';
import { judgeCommand } from '../../../restart/commands/judge-command.js';

/** Whether the service would find the program that a configured command begins with. Runs nothing. */
export async function judgeShellCommand(subject: string, key: string, command: string): Promise<Finding[]> {
  const verdict = await judgeCommand(command);
  switch (verdict.kind) {
    case 'missing': {
      const remedy = 'install it, or correct the command';
      return [faultFinding(subject, `${key}: there is no program ${verdict.word}`, remedy)];
    }
    case 'not-executable':
      return [
        faultFinding(subject, `${key}: ${verdict.file} cannot be executed`, `chmod +x ${verdict.file}`),
      ];
    case 'elsewhere': {
      const message = `${key}: ${verdict.word} is on your PATH only, the service may not find it`;
      return [warningFinding(subject, message, `write ${verdict.file}`)];
    }
    case 'found':
    case 'unknown':
      return [];
  }
}
