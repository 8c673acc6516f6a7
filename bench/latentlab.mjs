// A subject of the benchmark as the product trains it: components from the registry, noise from the run's streams, updates confirmed one by one.
// Usage: latentlab.mjs SUBJECT ENGINE THREADS; see peers/protocol.py for what it says and hears.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createContainer, partsOf } from '../dist/runner/assemble/container.js';
import { loadExperiment } from '../dist/runner/config/load.js';
import { silentProgress } from '../dist/runner/output/progress.js';
import { createRegistry } from '../dist/runner/registry.js';

const [subject, engineName, threads] = process.argv.slice(2);
const config = fileURLToPath(new URL(`./configs/${subject}.yaml`, import.meta.url));
const experiment = await loadExperiment(config, {
  registry: createRegistry(),
  overrides: [`engine.type=${engineName}`, `engine.threads=${threads}`],
});
const parts = partsOf(createContainer({ experiment, results: '', progress: silentProgress }));
const { engine, round, batches } = await parts.get('engine', 'round', 'batches');

let count = 0;
let loss = NaN;
const step = async () => {
  const figures = await round.run(batches.read(count), count++);
  loss = figures.loss ?? figures['discriminator.loss'];
};
await step();
console.log(JSON.stringify({ ready: true, version: engine.version, loss }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') break;
  const started = performance.now();
  for (let i = Number(line); i > 0; i--) await step();
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, loss, peakMiB: process.resourceUsage().maxRSS / 1024 }));
}
