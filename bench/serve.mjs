// What a contender of ours says and hears: see peers/protocol.py.
import { createInterface } from 'node:readline';

/**
 * @param {string} version of what computes
 * @param {() => number | Promise<number>} step one step, and its figure
 */
export const serve = async (version, step) => {
  let loss = await step();
  console.log(JSON.stringify({ ready: true, version, loss }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') break;
    const started = performance.now();
    for (let i = Number(line); i > 0; i--) loss = await step();
    console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, loss, peakMiB: process.resourceUsage().maxRSS / 1024 }));
  }
};
