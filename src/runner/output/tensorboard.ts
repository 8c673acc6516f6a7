/**
 * tensorboard/events.out.tfevents.*: a run's figures and pictures for TensorBoard, which needs nothing else of the run.
 * Field numbers are those of tensorflow/core/util/event.proto and core/framework/summary.proto.
 */
import { hostname } from 'node:os';
import protobuf from 'protobufjs/minimal.js';
import type { HistoryRow } from '../../registry/contracts/index.js';
import { AppendFile } from './append-file.js';
import type { Clock } from './clock.js';
import type { RunDirectory } from './run-directory.js';
import { frameRecord } from './tfrecord.js';

export interface TensorboardLog {
  /** Each number of the row under its column; empty cells are left out. Throws RunError. */
  scalars(step: number, row: HistoryRow): Promise<void>;
  /** Throws RunError; Error if `png` is no PNG. */
  image(step: number, tag: string, png: Uint8Array): Promise<void>;
}

/** Columns that say where in training a row stands: they are TensorBoard's axes. */
const axes = ['epoch', 'step'];

/** `train.elbo` is shown as `elbo` in the group `train`. */
const tagOf = (column: string): string => column.replace('.', '/');

const startEvent = (seconds: number, step: number): protobuf.Writer =>
  protobuf.Writer.create().uint32(9).double(seconds).uint32(16).int64(step);

const encodeVersion = (seconds: number): Uint8Array => startEvent(seconds, 0).uint32(26).string('brain.Event:2').finish();

const encodeScalars = (seconds: number, step: number, values: readonly (readonly [tag: string, value: number])[]): Uint8Array => {
  const event = startEvent(seconds, step).uint32(42).fork();
  for (const [tag, value] of values) event.uint32(10).fork().uint32(10).string(tag).uint32(21).float(value).ldelim();
  return event.ldelim().finish();
};

/** Channels by the PNG's colour type; a palette stands for three. */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const encodeImage = (seconds: number, step: number, tag: string, png: Uint8Array): Uint8Array => {
  if (png.length < 26 || signature.some((byte, i) => png[i] !== byte)) throw new Error(`picture ${tag} is no PNG`);
  // The first chunk of a PNG is its header: width, height, depth, colour type.
  const header = new DataView(png.buffer, png.byteOffset);
  const colors = channels[header.getUint8(25)] ?? 3;
  const event = startEvent(seconds, step).uint32(42).fork().uint32(10).fork().uint32(10).string(tag);
  event
    .uint32(34)
    .fork()
    .uint32(8)
    .int32(header.getUint32(20))
    .uint32(16)
    .int32(header.getUint32(16))
    .uint32(24)
    .int32(colors)
    .uint32(34)
    .bytes(png)
    .ldelim();
  return event.ldelim().ldelim().finish();
};

/** Of this process: two sessions of a run may begin within a second. */
let numFiles = 0;

/** The file is made by the first record. A run that is continued gets a second file, which TensorBoard reads as one with the first. */
export const createTensorboardLog = (directory: RunDirectory, clock: Clock): TensorboardLog => {
  const seconds = (): number => clock.now().getTime() / 1000;
  let output: Promise<AppendFile> | null = null;
  const create = async (): Promise<AppendFile> => {
    const now = seconds();
    const host = hostname().replaceAll(/[^\w-]/g, '-');
    // TensorBoard reads files in the order of their names.
    const file = await AppendFile.create(
      directory.file(`tensorboard/events.out.tfevents.${now.toFixed(0)}.${host}.${String(process.pid)}.${String(numFiles++)}`),
    );
    await file.append(frameRecord(encodeVersion(now)));
    return file;
  };
  const append = async (event: Uint8Array): Promise<void> => {
    output ??= create();
    await (await output).append(frameRecord(event));
  };
  return {
    scalars: async (step, row) => {
      const values: (readonly [string, number])[] = [];
      for (const [column, value] of Object.entries(row)) if (value !== null && !axes.includes(column)) values.push([tagOf(column), value]);
      await append(encodeScalars(seconds(), step, values));
    },
    image: (step, tag, png) => append(encodeImage(seconds(), step, tag, png)),
  };
};
