/** Stands for `latentlab worker` in tests of what can go wrong: misbehaves as the description in its run's experiment says. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const file = join(folder, 'run.json');
const record = JSON.parse(readFileSync(file, 'utf8'));
// Whole at any time, as a worker's is.
const write = (changes) => {
  writeFileSync(`${file}.new`, JSON.stringify({ ...record, ...changes }));
  renameSync(`${file}.new`, file);
};
const attempts = join(folder, 'attempts');
appendFileSync(attempts, `${process.env.LATENTLAB_THREADS} ${Date.now()}\n`);
const count = readFileSync(attempts, 'utf8').trim().split('\n').length;
const done = () => {
  write({ status: 'done' });
  process.exit(0);
};
process.on('disconnect', () => process.exit(75));
write({ status: 'running' });

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const behaviours = {
  fine: done,
  slow: () => wait(400).then(done),
  segv: () => process.kill(process.pid, 'SIGSEGV'),
  'segv-once': () => (count === 1 ? process.kill(process.pid, 'SIGSEGV') : done()),
  heap: () => {
    const kept = [];
    for (;;) kept.push(new Array(1e5).fill(Math.random()));
  },
  memory: () => {
    const kept = [];
    setInterval(() => kept.push(Buffer.alloc(32 << 20, 1)), 20);
  },
  silent: () => setInterval(() => {}, 1000),
  busy: () => {
    for (;;);
  },
  fails: () => {
    write({ status: 'failed', error: { code: 'non-finite-loss', message: 'the loss became NaN\n  Try less.' } });
    process.exit(1);
  },
  full: () => {
    write({ status: 'failed', error: { code: 'disk-full', message: 'the disk is full' } });
    process.exit(1);
  },
  throws: () => {
    throw new Error('a fault of ours');
  },
  preempted: () => {
    if (count === 3) return done();
    write({ status: 'interrupted', step: count });
    process.exit(75);
  },
  'slow-steps': async () => {
    await wait(300);
    write({ status: 'interrupted', step: count });
    process.exit(75);
  },
  stuck: () => {
    write({ status: 'interrupted', step: 0 });
    process.exit(75);
  },
  polite: () => {
    process.on('SIGTERM', () => {
      write({ status: 'interrupted', step: 5 });
      process.exit(75);
    });
    // For tests that are about to send it.
    writeFileSync(join(folder, 'listening'), '');
    setInterval(() => {}, 1000);
  },
};
await behaviours[JSON.parse(readFileSync(join(folder, 'resolved.yaml'), 'utf8')).description]();
