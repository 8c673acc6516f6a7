/** `latentlab verify PLUGIN`: tries the components of a plug-in on what their kinds promise. */
import type { AnyComponent } from '../../registry/define.js';
import { PluginError } from '../../plugins/errors.js';
import { loadPlugin, type Plugin } from '../../plugins/load.js';
import { createRegistry } from '../../runner/registry.js';
import type { Finding } from '../../verify/examination.js';
import { verifyComponents } from '../../verify/verify.js';
import type { Io } from '../io.js';
import { asSpecifier } from '../plugins.js';

export interface VerifyOptions {
  /** Prints what passed and what was left out, too. */
  readonly verbose: boolean;
  readonly json: boolean;
}

const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`;

const marks: Readonly<Record<Finding['status'], string>> = { passed: 'ok', failed: 'FAILED', skipped: 'left out' };

const line = ({ status, check, message }: Finding): string => `  ${marks[status]}  ${check}${message === '' ? '' : `: ${message}`}`;

const report = (component: AnyComponent, findings: readonly Finding[], { verbose }: VerifyOptions): readonly string[] => {
  const failed = findings.filter(({ status }) => status === 'failed');
  const passed = findings.filter(({ status }) => status === 'passed');
  const skipped = findings.length - failed.length - passed.length;
  const shown = verbose ? findings : failed;
  const verdict = failed.length > 0 ? `FAILED ${count(failed.length, 'check')}` : 'ok';
  const figures = `${String(passed.length)} passed${skipped === 0 ? '' : `, ${String(skipped)} left out`}`;
  return [`${verdict}  ${component.kind} ${component.name}  (${figures})`, ...shown.map(line)];
};

const load = async (plugin: string, io: Io): Promise<Plugin | null> => {
  try {
    return await loadPlugin(asSpecifier(plugin), process.cwd());
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    io.err(
      `latentlab: the plug-in ${JSON.stringify(plugin)} cannot be used: ${error.reason}${error.help === '' ? '' : `\n  ${error.help}`}`,
    );
    return null;
  }
};

/** Exit code: 0, 1 where a check failed, 2 where the plug-in cannot be loaded. */
export const runVerify = async (plugin: string, options: VerifyOptions, io: Io): Promise<number> => {
  const loaded = await load(plugin, io);
  if (loaded === null) return 2;
  const findings = await verifyComponents(loaded.components, createRegistry().all(), (component, its) => {
    if (!options.json) io.out(report(component, its, options).join('\n'));
  });
  const { specifier, version, sha256 } = loaded;
  const failed = findings.filter(({ status }) => status === 'failed').length;
  if (options.json) io.out(JSON.stringify({ plugin: specifier, version, sha256, findings }, null, 2));
  else if (failed > 0) io.err(`${count(failed, 'check')} failed in ${plugin}`);
  return failed > 0 ? 1 : 0;
};
