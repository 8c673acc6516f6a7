import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { encode } from 'fast-png';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { createRunDirectory, type RunDirectory } from '../../../src/runner/output/run-directory.js';
import { createTensorboardLog, type TensorboardLog } from '../../../src/runner/output/tensorboard.js';
import { createFakeClock, filesBelow, mountedDisk, rejectionOf, runErrorOf, temporaryFolder, type FakeClock } from './support.js';

/** CRC-32C bit by bit, as its definition has it: independent of the table under test. */
const crcByBits = (bytes: Uint8Array): number => {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  const value = crc ^ 0xffffffffn;
  return Number((((value >> 15n) | (value << 17n)) + 0xa282ead8n) & 0xffffffffn);
};

const readRecords = (file: Buffer): readonly Buffer[] => {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(crcByBits(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(crcByBits(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
};

/** Fields of a message by number: varints and fixed widths as numbers, the rest as bytes; read by wire type alone. */
const readFields = (bytes: Uint8Array): ReadonlyMap<number, readonly (number | Uint8Array)[]> => {
  const reader = protobuf.Reader.create(bytes);
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const wire = tag & 7;
    const value = wire === 0 ? Number(reader.int64()) : wire === 1 ? reader.double() : wire === 5 ? reader.float() : reader.bytes();
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), value]);
  }
  return fields;
};
const number = (fields: ReadonlyMap<number, readonly (number | Uint8Array)[]>, field: number): number => Number(fields.get(field)?.[0]);
const bytes = (fields: ReadonlyMap<number, readonly (number | Uint8Array)[]>, field: number): Uint8Array => {
  const value = fields.get(field)?.[0];
  if (!(value instanceof Uint8Array)) throw new Error(`field ${field} is not there`);
  return value;
};
const text = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

const begin = async (
  results = temporaryFolder(),
): Promise<{ readonly directory: RunDirectory; readonly clock: FakeClock; readonly log: TensorboardLog }> => {
  const clock = createFakeClock();
  const directory = await createRunDirectory(results, 'vae', clock);
  return { directory, clock, log: createTensorboardLog(directory, clock) };
};
const fileOf = (directory: RunDirectory): string => {
  const [name = '', ...others] = filesBelow(directory.path);
  expect(others).toEqual([]);
  return join(directory.path, name);
};
const png = encode({ width: 5, height: 3, channels: 1, depth: 8, data: Uint8Array.from({ length: 15 }, (_, i) => 17 * i) });

describe('the TensorBoard log', () => {
  it('begins with the version that TensorBoard asks for', async () => {
    const { directory, log } = await begin();
    expect(filesBelow(directory.path)).toEqual([]);
    await log.scalars(0, {});
    const file = fileOf(directory);
    expect(basename(file)).toMatch(/^events\.out\.tfevents\.1795414742\.[\w-]+\.\d+\.\d+$/);
    const [first] = readRecords(readFileSync(file));
    const event = readFields(first!);
    expect(number(event, 1)).toBe(1795414742);
    expect(text(bytes(event, 3))).toBe('brain.Event:2');
  });

  it('has each number of a row under its column, grouped by split', async () => {
    const { directory, clock, log } = await begin();
    clock.advance(2500);
    await log.scalars(390, {
      epoch: 1,
      step: 390,
      loss: 101.5,
      'train.elbo': -103.25,
      'train.kl-per-dimension.3': 0.5,
      'validation.elbo': null,
    });
    const event = readFields(readRecords(readFileSync(fileOf(directory)))[1]!);
    expect([number(event, 1), number(event, 2)]).toEqual([1795414744.5, 390]);
    const values = (readFields(bytes(event, 5)).get(1) ?? []).map((value) => readFields(value as Uint8Array));
    expect(values.map((value) => [text(bytes(value, 1)), number(value, 2)])).toEqual([
      ['loss', 101.5],
      ['train/elbo', -103.25],
      ['train/kl-per-dimension.3', 0.5],
    ]);
  });

  it('has pictures as they are, with their size', async () => {
    const { directory, log } = await begin();
    await log.image(780, 'samples', png);
    const event = readFields(readRecords(readFileSync(fileOf(directory)))[1]!);
    const value = readFields(bytes(readFields(bytes(event, 5)), 1));
    const image = readFields(bytes(value, 4));
    expect(text(bytes(value, 1))).toBe('samples');
    expect([number(image, 1), number(image, 2), number(image, 3)]).toEqual([3, 5, 1]);
    expect(Buffer.from(bytes(image, 4)).equals(png)).toBe(true);
  });

  it.each([1, 2, 3, 4] as const)('knows pictures of %i channels', async (channels) => {
    const { directory, log } = await begin();
    await log.image(1, 'x', encode({ width: 2, height: 2, channels, depth: 8, data: new Uint8Array(4 * channels) }));
    const event = readFields(readRecords(readFileSync(fileOf(directory)))[1]!);
    const image = readFields(bytes(readFields(bytes(readFields(bytes(event, 5)), 1)), 4));
    expect(number(image, 3)).toBe(channels);
  });

  it('takes nothing for a picture that is none', async () => {
    const { log } = await begin();
    expect(await rejectionOf((async () => log.image(1, 'x', Buffer.from('GIF89a, and more than a header')))())).toBeInstanceOf(Error);
  });

  it('counts steps beyond 32 bits', async () => {
    const { directory, log } = await begin();
    await log.scalars(2 ** 40 + 1, { loss: 1 });
    expect(number(readFields(readRecords(readFileSync(fileOf(directory)))[1]!), 2)).toBe(2 ** 40 + 1);
  });

  it('keeps the order of records that nobody awaits', async () => {
    const { directory, log } = await begin();
    await Promise.all(
      Array.from({ length: 30 }, (_, step) => (step % 3 === 0 ? log.image(step, 'x', png) : log.scalars(step, { loss: step }))),
    );
    const steps = readRecords(readFileSync(fileOf(directory)))
      .slice(1)
      .map((record) => number(readFields(record), 2));
    expect(steps).toEqual(Array.from({ length: 30 }, (_, step) => step));
  });

  it('has whole records on a full disk', async (context) => {
    const { directory, log } = await begin(mountedDisk(context, 'size=64k'));
    await log.scalars(1, { loss: 1 });
    // Noise does not compress: the picture is larger than the disk.
    const noise = randomBytes(90_000);
    await runErrorOf(log.image(1, 'x', encode({ width: 300, height: 300, channels: 1, depth: 8, data: noise })), 'disk-full');
    await log.scalars(2, { loss: 2 });
    expect(readRecords(readFileSync(fileOf(directory))).map((record) => number(readFields(record), 2))).toEqual([0, 1, 2]);
  });
});

const python = process.env['LATENTLAB_PYTHON'] ?? 'python3';
const script = `
import sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
log = EventAccumulator(sys.argv[1], size_guidance={"images": 0, "scalars": 0, "tensors": 0})
log.Reload()
tags = log.Tags()
assert sorted(tags["scalars"]) == ["loss", "train/elbo"], tags
assert [(e.step, e.value) for e in log.Scalars("train/elbo")] == [(i * 390, -150.5 + i) for i in range(5)], log.Scalars("train/elbo")
assert [e.step for e in log.Scalars("loss")] == [390, 780, 1170, 1560]
assert log.Scalars("loss")[0].wall_time == 1795414742
assert tags["images"] == ["samples"], tags
image = log.Images("samples")[0]
assert (image.step, image.width, image.height) == (780, 5, 3), image
assert image.encoded_image_string == open(sys.argv[2], "rb").read()
`;

describe('TensorBoard', () => {
  it('reads the log', async (context) => {
    const probe = spawnSync(python, ['-c', 'import tensorboard.backend.event_processing.event_accumulator'], { encoding: 'utf8' });
    if (probe.status !== 0) context.skip(`${python} has no package tensorboard; LATENTLAB_PYTHON can name one that has`);
    const { directory, log } = await begin();
    for (let i = 0; i < 5; i++)
      await log.scalars(i * 390, { epoch: i, step: i * 390, loss: i === 0 ? null : 100 + i, 'train.elbo': -150.5 + i });
    await log.image(780, 'samples', png);
    await directory.write('images/x.png', png);
    const { status, stderr } = spawnSync(python, ['-c', script, directory.file('tensorboard'), directory.file('images/x.png')], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });
});
