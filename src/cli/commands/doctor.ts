/** `latentlab doctor`: what works on this machine, and why the rest does not. */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { createEngine, engineNames, EngineUnavailableError, type EngineName } from '../../engine/index.js';
import { dataFolders } from '../../runner/folders.js';
import { packageVersion } from '../../runner/version.js';
import type { Io } from '../io.js';

interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Version and threads, or why it is not there. */
  readonly detail: string;
}

const purpose: Readonly<Record<EngineName, string>> = {
  onnx: 'compiled steps, the default',
  tensorflow: 'eager, optional',
  wasm: 'eager, slow at training',
  cpu: 'eager, the numerical reference',
};

const examine = async (name: EngineName): Promise<EngineReport> => {
  try {
    const engine = await createEngine(name);
    const threads = engine.threads === null ? '' : `, ${String(engine.threads)} thread${engine.threads === 1 ? '' : 's'}`;
    const detail = `${engine.version}${threads}`;
    await engine.dispose();
    return { name, available: true, detail };
  } catch (error) {
    return { name, available: false, detail: error instanceof EngineUnavailableError ? error.reason : String(error) };
  }
};

/** Exit code 0 if experiments can run: the default engine is there. */
export const runDoctor = async (io: Io, json: boolean): Promise<number> => {
  const engines: EngineReport[] = [];
  for (const name of engineNames) engines.push(await examine(name));
  const { data, cache } = dataFolders(process.env);
  const report = {
    latentlab: packageVersion,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    engines,
    data: { folder: data, folderExists: data !== null && existsSync(data), cache, cacheExists: existsSync(cache) },
  };
  if (json) io.out(JSON.stringify(report, null, 2));
  else printReport(io, report);
  return engines.find(({ name }) => name === 'onnx')?.available ? 0 : 1;
};

const printReport = (
  io: Io,
  report: {
    readonly latentlab: string;
    readonly node: string;
    readonly platform: string;
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly engines: readonly EngineReport[];
    readonly data: {
      readonly folder: string | null;
      readonly folderExists: boolean;
      readonly cache: string;
      readonly cacheExists: boolean;
    };
  },
): void => {
  io.out(`latentlab ${report.latentlab}, Node ${report.node}, ${report.platform}`);
  io.out(`${report.processor}, ${String(report.cores)} cores, ${String(report.memoryGiB)} GiB`);
  io.out('');
  io.out('Engines');
  for (const { name, available, detail } of report.engines)
    io.out(`  ${available ? 'ok     ' : 'missing'}  ${name.padEnd(11)}${available ? `${detail} (${purpose[name]})` : detail}`);
  io.out('');
  io.out('Data');
  const { folder, folderExists, cache, cacheExists } = report.data;
  io.out('  mnist-10k   inside the package');
  io.out(
    `  folder      ${folder === null ? 'LATENTLAB_DATA is not set' : folderExists ? folder : `${folder} (LATENTLAB_DATA) does not exist`}`,
  );
  io.out(`  cache       ${cache}${cacheExists ? '' : ' (made by the first download)'}`);
};
