// A subject of the benchmark as the product does it: components from the registry, noise from the run's streams, updates confirmed one by
// one. Usage: latentlab.mjs SUBJECT ENGINE THREADS train|evaluate; to evaluate is to measure the metrics over the test examples.
import { fileURLToPath } from 'node:url';
import { createContainer, partsOf } from '../dist/runner/assemble/container.js';
import { loadExperiment } from '../dist/runner/config/load.js';
import { silentProgress } from '../dist/runner/output/progress.js';
import { createRegistry } from '../dist/runner/registry.js';
import { serve } from './serve.mjs';

const [subject, engineName, threads, what] = process.argv.slice(2);
const config = fileURLToPath(new URL(`./configs/${subject}.yaml`, import.meta.url));
const experiment = await loadExperiment(config, {
  registry: createRegistry(),
  overrides: [`engine.type=${engineName}`, `engine.threads=${threads}`],
});
const parts = partsOf(createContainer({ experiment, results: '', progress: silentProgress }));
const { engine } = await parts.get('engine');

const trained = async () => {
  const { round, batches } = await parts.get('round', 'batches');
  let count = 0;
  return async () => {
    const figures = await round.run(batches.read(count), count++);
    return figures.loss ?? figures['discriminator.loss'];
  };
};
const evaluated = async () => {
  const { evaluator } = await parts.get('evaluator');
  return async () => Object.values(await evaluator.measure('test'))[0];
};
await serve(engine.version, await (what === 'evaluate' ? evaluated() : trained()));
