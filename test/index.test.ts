import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineComponent, loadExperiment, run } from '../src/index.js';

const halving = defineComponent({
  kind: 'schedule',
  name: 'halving',
  description: 'Halves after each epoch.',
  params: { from: { type: 'number', exclusiveMinimum: 0, description: 'Value at first.' } },
  build: ({ from }) => ({ constant: false, at: ({ step, stepsPerEpoch }) => from * 0.5 ** Math.floor(step / stepsPerEpoch) }),
});

const text = (learningRate: string): string => `name: own
data: { type: mnist-10k, binarization: static, limit: { train: 64, validation: 32, test: 32 } }
model: { type: vae, latent: 2, encoder: { type: mlp, hidden: [8] }, decoder: { type: mlp, hidden: [8] } }
losses: [reconstruction, kl]
training: { epochs: 3, batchSize: 32, evaluationBatchSize: 32, optimizer: { type: adam, learningRate: ${learningRate} } }
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-library-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const experiment = (learningRate: string): string => {
  const file = join(folder, 'own.yaml');
  writeFileSync(file, text(learningRate));
  return file;
};

describe('the library', () => {
  it("trains with a user's own component, named in the YAML", async () => {
    const loaded = await loadExperiment(experiment('{ type: halving, from: 0.008 }'), { components: [halving] });
    const { folder: runFolder, record } = await run(loaded, { results: folder });
    expect(record.status).toBe('done');
    const rows: readonly Readonly<Record<string, string>>[] = parse(readFileSync(join(runFolder, 'metrics.csv')), { columns: true });
    expect(rows.map((row) => Number(row['learning-rate']))).toEqual([0.008, 0.008, 0.004, 0.002]);
  });

  it('checks its params like any other', async () => {
    await expect(loadExperiment(experiment('{ type: halving, form: 1 }'), { components: [halving] })).rejects.toThrow(
      /did you mean "from"/,
    );
    await expect(loadExperiment(experiment('{ type: halving, from: 1 }'))).rejects.toThrow(/halving/);
  });

  it('refuses a component that is there already', async () => {
    await expect(loadExperiment(experiment('1e-3'), { components: [halving, halving] })).rejects.toThrow(/halving/);
  });
});
