/** What may be done and is known not to lead where it is meant to: told with its line, and no fault. */
import { join, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { runCheck, type CheckOptions } from '../../../src/cli/commands/check.js';
import { runPlan } from '../../../src/cli/commands/plan.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { visitRuns } from '../../../src/runner/sweep/runs.js';
import { writeInto } from '../../components/shared/temporary.js';
import { temporaryFolder } from '../output/support.js';

const registry = createRegistry();
const text = (discriminator: string, losses: string): string => `name: critic
seed: 1
data: { type: gaussian-1d, examples: 60, validation: 20, test: 20 }
model:
  type: gan
  latent: 1
  discriminator: ${discriminator}
losses: [gan-wasserstein, ${losses}]
training: { epochs: 1, batchSize: 20 }
`;
const batch = '{ type: mlp, hidden: [4], normalization: batch }';
const write = (discriminator: string, losses: string): string => writeInto(temporaryFolder(), 'critic.yaml', text(discriminator, losses));

const linesOf = async (file: string): Promise<readonly string[]> => {
  const { warnings, error } = await visitRuns(file, { registry }, () => null);
  expect(error).toBeNull();
  return warnings.map(({ fault, place }) => `${fault.code} ${place.kind === 'file' ? String(place.span?.line) : place.argument}`);
};

describe('a penalty on the slopes of a discriminator with batch normalization', () => {
  it.each(['gradient-penalty', 'dragan', 'r1', 'r2'])('is warned of: %s', async (loss) => {
    expect(await linesOf(write(batch, loss))).toEqual(['unsound 7']);
  });

  it.each([
    ['layer normalization', batch.replace('batch', 'layer'), 'r1'],
    ['no layer that is normalized', '{ type: mlp, hidden: [], normalization: batch }', 'r1'],
    ['no penalty', batch, '{ type: gan-wasserstein, name: again }'],
  ])('is not with %s', async (_, discriminator, losses) => {
    expect(await linesOf(write(discriminator, losses))).toEqual([]);
  });

  it('is told where the default is that of the discriminator', async () => {
    const images = text('dcgan', 'gradient-penalty').replace(/data: .*/, 'data: mnist-10k');
    expect(await linesOf(writeInto(temporaryFolder(), 'critic.yaml', images))).toEqual(['unsound 7']);
  });

  it('is told once for a sweep, with the runs that have it', async () => {
    const file = writeInto(
      temporaryFolder(),
      'critic.yaml',
      `${text('mlp', 'r1')}seeds: 2\nsweep: { grid: { model.discriminator.normalization: [batch, layer] } }\n`,
    );
    const { warnings } = await visitRuns(file, { registry }, () => null);
    expect(warnings).toMatchObject([{ fault: { code: 'unsound' }, place: { span: { line: 11 } }, runs: { total: 4 } }]);
    expect(warnings[0]?.runs?.names).toHaveLength(2);
  });
});

describe('the words of a warning', () => {
  const printed = async (
    format: CheckOptions['format'],
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => {
    const [out, err]: [string[], string[]] = [[], []];
    const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
    const code = await runCheck([write(batch, 'gradient-penalty')], { set: [], setFile: [], unset: [], format }, io, registry);
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

  it('say the line and the way out, beside "ok"', async () => {
    const { code, out, err } = await printed('text');
    expect([code, out.startsWith('ok  ')]).toEqual([0, true]);
    expect(err).toMatch(/^warning: \S+critic\.yaml:7:\d+ {2}model\.discriminator\.normalization {2}\[unsound\]\n/);
    expect(err.replaceAll(/\s+/g, ' ')).toContain('loss "gradient-penalty" weighs its slope at each of them for itself');
    expect(err).toContain('`normalization: layer`');
  });

  it('are there for programs, and for GitHub', async () => {
    expect(JSON.parse((await printed('json')).out)).toMatchObject({ ok: true, faults: [], warnings: [{ code: 'unsound', line: 7 }] });
    expect((await printed('github')).out).toMatch(/^::warning file=.*,line=7,col=\d+,endColumn=\d+,title=unsound::discriminator "mlp"/);
    // Annotations show lines, and the way out has its own.
    expect((await printed('github')).out).toMatch(/for itself%0ALet it look at each example alone/);
  });

  it('are said by plan, too', async () => {
    const err: string[] = [];
    const options = { set: [], setFile: [], unset: [], verbose: false, json: false };
    expect(
      await runPlan([write(batch, 'gradient-penalty')], options, { out: () => undefined, err: (line) => err.push(line) }, registry),
    ).toBe(0);
    expect(err.join('\n')).toContain('warning: ');
  });
});

it('no shipped experiment is warned of', async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const files = globSync(['configs/**/*.yaml', 'bench/configs/*.yaml'], { cwd: root });
  const warned: string[] = [];
  for (const file of files) {
    const { warnings } = await visitRuns(join(root, file), { registry }, () => null);
    if (warnings.length > 0) warned.push(relative(root, file));
  }
  expect(files.length).toBeGreaterThan(100);
  expect(warned).toEqual([]);
});
