/** Run folders made of nothing but what a report reads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MadeUp {
  readonly name: string;
  readonly experiment?: string;
  readonly variant?: string;
  readonly seed?: number;
  readonly status?: string;
  readonly elbo?: number | null;
  /** Other figures, and the unit of all. */
  readonly figures?: Readonly<Record<string, number>>;
  readonly unit?: string;
  readonly latent?: number;
  readonly beta?: number;
  /** As YAML has it. */
  readonly sampler?: string;
  readonly error?: string;
  /** Of the sentinel `modeCollapse`. */
  readonly warning?: string;
  readonly axes?: Readonly<Record<string, string>>;
}

export const writeRun = (
  folder: string,
  {
    name,
    experiment = 'vae',
    variant = experiment,
    seed = 1,
    status = 'done',
    elbo = null,
    figures = {},
    unit,
    latent = 2,
    beta = 1,
    sampler,
    axes,
    error,
    warning,
  }: MadeUp,
): void => {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const record = {
    ...{
      format: 3,
      status,
      experiment,
      run: name,
      seed,
      started: '2026-11-23T06:00:00.000Z',
      seconds: status === 'done' ? 61 : null,
      epoch: 3,
      step: 30,
    },
    ...{ total: { epochs: 10, steps: 100 }, mishaps: [], axes, hashes: { experiment: `${variant} ${String(seed)}`, variant } },
    metrics: { epoch: 3, step: 30, loss: 1, ...(elbo === null ? {} : { 'test.elbo': elbo, 'train.elbo': elbo + 1 }), ...figures },
    ...(unit === undefined
      ? {}
      : { provenance: { a1: { unit } }, measured: Object.fromEntries(Object.keys(figures).map((name) => [name, 'a1'])) }),
    warnings: warning === undefined ? [] : [{ sentinel: 'modeCollapse', epoch: 2, step: 20, message: warning }],
    error: error === undefined ? null : { code: 'crashed', message: error },
  };
  writeFileSync(join(own, 'run.json'), JSON.stringify(record));
  writeFileSync(
    join(own, 'resolved.yaml'),
    `name: ${experiment}\nseed: ${String(seed)}\nmodel: { type: vae, latent: ${String(latent)}, encoder: { type: mlp, hidden: [4] } }\nlosses: [{ type: kl, weight: { type: constant, value: ${String(beta)} } }]\n${sampler === undefined ? '' : `sampler: ${sampler}\n`}`,
  );
};
