// Where the time of a subject's round goes: onnxruntime's own profile by operator and shape, and what lies outside of it.
// Usage: node bench/profile.mjs SUBJECT THREADS [ROUNDS]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContainer, partsOf } from '../dist/runner/assemble/container.js';
import { loadExperiment } from '../dist/runner/config/load.js';
import { silentProgress } from '../dist/runner/output/progress.js';
import { createRegistry } from '../dist/runner/registry.js';

const [subject, threads = '1', rounds = '20'] = process.argv.slice(2);
const experiment = await loadExperiment(fileURLToPath(new URL(`./configs/${subject}.yaml`, import.meta.url)), {
  registry: createRegistry(),
  overrides: ['engine.type=onnx', `engine.threads=${threads}`],
});
const folder = mkdtempSync(join(tmpdir(), 'profile-'));
const parts = partsOf(createContainer({ experiment, results: '', progress: silentProgress }));
const { engine } = await parts.get('engine');
const compileSequence = engine.compileSequence.bind(engine);
engine.compileSequence = (steps, options) =>
  compileSequence(steps, { ...options, profile: join(folder, steps[0].name.replaceAll(/\W/g, '-')) });
const { round, batches } = await parts.get('round', 'batches');
const run = async (tick) => round.run(batches.read(tick), tick);
for (let tick = 0; tick < 3; tick++) await run(tick);
const started = performance.now();
for (let tick = 3; tick < 3 + Number(rounds); tick++) await run(tick);
const perRound = (performance.now() - started) / Number(rounds);
await engine.dispose();

const files = readdirSync(folder);
const events = files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
rmSync(folder, { recursive: true });
const runs = Number(rounds) + 3;
const groups = new Map();
for (const { cat, name, dur, args } of events) {
  if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
  const shapes = (args.input_type_shape ?? []).map((entry) => JSON.stringify(Object.values(entry)[0])).join(' ');
  const key = `${args.op_name.padEnd(18)} ${shapes}`;
  const group = groups.get(key) ?? { time: 0, count: 0 };
  groups.set(key, { time: group.time + dur / 1000 / runs, count: group.count + 1 / runs });
}
const inside = [...groups.values()].reduce((sum, { time }) => sum + time, 0);
const ofRuns = events.filter(({ name }) => name === 'model_run').reduce((sum, { dur }) => sum + dur / 1000 / runs, 0);
console.log(
  `${subject}, ${threads} threads: ${perRound.toFixed(1)} ms a round; ${ofRuns.toFixed(1)} ms in onnxruntime, ${inside.toFixed(1)} ms in its operators\n`,
);
for (const [key, { time, count }] of [...groups].toSorted(([, a], [, b]) => b.time - a.time).slice(0, 40))
  console.log(`${time.toFixed(2).padStart(8)} ms ${count.toFixed(0).padStart(4)} x ${key}`);
