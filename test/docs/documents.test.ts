/** What the documents say is true: experiments load, links lead somewhere, commands exist, the reference is current. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceFolder, referencePages } from '../../scripts/reference.js';
import { createEngine } from '../../src/index.js';
import { loadExperiment } from '../../src/runner/config/load.js';
import { createRegistry } from '../../src/runner/registry.js';

const root = resolve(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const blocks = (file: string, language: string): readonly string[] =>
  [...read(file).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-docs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the documents', () => {
  it('show experiments that load', async () => {
    const experiments = documents.flatMap((file) =>
      blocks(file, 'yaml').filter((text) => text.includes('model:') && text.includes('losses:')),
    );
    expect(experiments.length).toBeGreaterThan(0);
    for (const [i, text] of experiments.entries()) {
      const file = join(folder, `shown-${String(i)}.yaml`);
      writeFileSync(file, text);
      expect((await loadExperiment(file, { registry: createRegistry() })).experiment.losses.length).toBeGreaterThan(0);
    }
  });

  it('show the error that the README shows', async () => {
    const [text = ''] = blocks('README.md', 'yaml');
    const file = join(folder, 'my-vae.yaml');
    writeFileSync(file, text.replace('activation: relu', 'activation: rleu'));
    await expect(loadExperiment(file, { registry: createRegistry() })).rejects.toThrow(
      /my-vae\.yaml:7:52 {2}model\.encoder\.activation\n {2}"activation" cannot be rleu; did you mean "relu"\?/,
    );
  });

  it.each(documents)('%s links to what is there', (file) => {
    const targets = [...read(file).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !target.includes('://'));
    const missing = targets.filter((target) => !existsSync(join(root, dirname(file), target)));
    expect(missing).toEqual([]);
  });

  it('name commands that exist', () => {
    const commands = documents.flatMap((file) =>
      [...read(file).matchAll(/latentlab(?: --)? (run|check|components|doctor|[a-z]+) (?=[[A-Z]|configs)/g)].map((match) => match[1]),
    );
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(['run', 'check', 'components', 'doctor']).toContain(command);
  });

  it('compile a step as docs/engines.md does', async () => {
    const engine = await createEngine('onnx', { threads: 2 });
    const weight = engine.variable(Float32Array.of(0), [1]);
    const step = await engine.compile('fit', { x: { shape: [4], dtype: 'float32' } }, ({ x }) => {
      const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(tf.sub(x, weight))), [weight]);
      const gradient = grads[weight.name];
      if (!gradient) throw new Error('no gradient');
      weight.assign(tf.sub(weight, tf.mul(gradient, 0.1)));
      return { loss: value };
    });
    for (let i = 0; i < 100; i++) await step.run({ x: Float32Array.of(1, 2, 3, 4) });
    expect(engine.read(weight)[0]).toBeCloseTo(2.5, 4);
    weight.dispose();
    await engine.dispose();
  });
});

describe('the reference', () => {
  it('is what the schemas say; `npm run docs` writes it anew', () => {
    const pages = referencePages(createRegistry());
    expect(readdirSync(referenceFolder).sort()).toEqual([...pages.keys()].sort());
    for (const [file, text] of pages) expect(readFileSync(join(referenceFolder, file), 'utf8'), file).toBe(text);
  });
});
