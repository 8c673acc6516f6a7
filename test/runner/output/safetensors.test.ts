import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SafetensorsError } from '../../../src/runner/output/safetensors-header.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorArray } from '../../../src/runner/output/safetensors.js';
import { broken, fileOf } from './safetensors-bytes.js';
import { temporaryFolder } from './support.js';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof SafetensorsError) return error.code;
    throw error;
  }
  return 'none';
};
const bytesOf = ({ buffer, byteOffset, byteLength }: TensorArray): Buffer => Buffer.from(buffer, byteOffset, byteLength);

const example = new Map<string, StoredTensor>([
  ['flags', { shape: [3], values: Uint8Array.of(1, 0, 1), isBool: true }],
  ['encoder/kernel', { shape: [2, 3], values: Float32Array.of(1, -2.5, 3e-40, Infinity, NaN, -0) }],
  ['count', { shape: [], values: Int32Array.of(-7) }],
  ['empty', { shape: [0, 4], values: new Float32Array(0) }],
  ['bytes', { shape: [1, 1], values: Uint8Array.of(255) }],
]);

describe('the safetensors format', () => {
  it('is these bytes', () => {
    const bytes = encodeSafetensors(new Map([['a', { shape: [2], values: Float32Array.of(1, 2) }]]), { step: '5' });
    const header = '{"__metadata__":{"step":"5"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(88);
    expect(Buffer.from(bytes).toString('latin1')).toBe(`\x58\0\0\0\0\0\0\0${padded}\0\0\x80\x3f\0\0\0\x40`);
  });

  it('aligns the data to eight bytes and every tensor to its own width', () => {
    const bytes = encodeSafetensors(example);
    const length = Number(Buffer.from(bytes).readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header = JSON.parse(Buffer.from(bytes).toString('utf8', 8, 8 + length)) as Record<
      string,
      { readonly dtype: string; readonly data_offsets: readonly number[] }
    >;
    expect(Object.keys(header)).toEqual(['count', 'empty', 'encoder/kernel', 'bytes', 'flags']);
    for (const { dtype, data_offsets: range } of Object.values(header)) if (dtype.endsWith('32')) expect(range[0]! % 4).toBe(0);
  });

  it('gives the same bytes for the same tensors in another order', () => {
    const reversed = new Map([...example].reverse());
    expect(Buffer.from(encodeSafetensors(reversed)).equals(encodeSafetensors(example))).toBe(true);
  });

  it('gives back types, shapes and every bit', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(example, { epoch: '3', note: 'größer "x"\n' }));
    expect(metadata).toEqual({ epoch: '3', note: 'größer "x"\n' });
    expect([...tensors.keys()].sort()).toEqual([...example.keys()].sort());
    for (const [name, expected] of example) {
      const tensor = tensors.get(name)!;
      expect(tensor.shape).toEqual(expected.shape);
      expect(tensor.values.constructor).toBe(expected.values.constructor);
      expect(tensor.isBool).toBe(expected.isBool);
      expect(bytesOf(tensor.values).equals(bytesOf(expected.values))).toBe(true);
    }
  });

  it('gives back any set of tensors, whatever their names', () => {
    const values = fc.oneof(fc.float32Array({ maxLength: 20 }), fc.int32Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 }));
    const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '0', '', 'a"b\\', '{', '}', '"x":'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, values)), (entries) => {
        const tensors = new Map(entries.map(([key, array]) => [key, { shape: [array.length, 1], values: array }]));
        const { tensors: read } = decodeSafetensors(encodeSafetensors(tensors));
        expect(read.size).toBe(tensors.size);
        for (const [key, { values: array }] of tensors) {
          expect(read.get(key)?.shape).toEqual([array.length, 1]);
          expect(bytesOf(read.get(key)!.values).equals(bytesOf(array))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads from the middle of a larger buffer, and keeps nothing of it', () => {
    const bytes = encodeSafetensors(example);
    // A Buffer, as files are read into: its slices share memory, a typed array's do not.
    const larger = Buffer.alloc(bytes.length + 13);
    larger.set(bytes, 3);
    const { tensors } = decodeSafetensors(larger.subarray(3, 3 + bytes.length));
    larger.fill(0);
    expect([...tensors.get('count')!.values]).toEqual([-7]);
    expect(tensors.get('count')!.values.buffer.byteLength).toBe(4);
  });

  it('reads a file without tensors', () => {
    expect(decodeSafetensors(fileOf('{}   '))).toEqual({ tensors: new Map(), metadata: {} });
    expect(decodeSafetensors(encodeSafetensors(new Map())).tensors.size).toBe(0);
  });

  it.each(broken)('is %s for %s', (code, _, bytes) => {
    expect(codeOf(() => decodeSafetensors(bytes))).toBe(code);
  });

  it('never fails but with a SafetensorsError, whatever byte is changed or wherever the file is cut', () => {
    const good = encodeSafetensors(example, { step: '1' });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bytes = cut ? good.slice(0, at) : good.slice();
        if (!cut) bytes[at] = byte;
        const code = codeOf(() => decodeSafetensors(bytes));
        if (cut) expect(code).not.toBe('none');
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['bad-name', '__metadata__', { shape: [0], values: new Uint8Array(0) }],
    ['bad-name', '\ud800', { shape: [0], values: new Uint8Array(0) }],
    ['size-mismatch', 'a', { shape: [2, 2], values: new Float32Array(3) }],
    ['bad-shape', 'a', { shape: [-2, -2], values: new Float32Array(4) }],
    ['bad-shape', 'a', { shape: [1.5, 2], values: new Float32Array(3) }],
    ['bad-bool', 'a', { shape: [1], values: Uint8Array.of(2), isBool: true }],
    ['bad-bool', 'a', { shape: [1], values: Float32Array.of(1), isBool: true }],
  ] as const)('refuses to write: %s', (code, name, tensor) => {
    expect(codeOf(() => encodeSafetensors(new Map([[name, tensor]])))).toBe(code);
  });
});

const python = process.env['LATENTLAB_PYTHON'] ?? 'python3';
const script = `
import sys, numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
source, target = sys.argv[1:]
tensors = load_file(source)
with safe_open(source, framework="numpy") as f:
    assert f.metadata() == {"step": "5"}, f.metadata()
assert {k: (str(v.dtype), v.shape) for k, v in tensors.items()} == {
    "flags": ("bool", (3,)), "encoder/kernel": ("float32", (2, 3)), "count": ("int32", ()),
    "empty": ("float32", (0, 4)), "bytes": ("uint8", (1, 1))}, tensors
assert tensors["flags"].tolist() == [True, False, True]
assert tensors["encoder/kernel"].tobytes() == np.array([1, -2.5, 3e-40, np.inf, np.nan, -0.0], np.float32).tobytes()
assert tensors["count"] == -7
save_file({**tensors, "theirs": np.arange(6, dtype=np.float32).reshape(3, 2)}, target, metadata={"by": "python"})
`;

describe('the safetensors package of Python', () => {
  it('reads our file, and we read its', (context) => {
    const probe = spawnSync(python, ['-c', 'import safetensors.numpy'], { encoding: 'utf8' });
    if (probe.status !== 0) context.skip(`${python} has no package safetensors; LATENTLAB_PYTHON can name one that has`);
    const folder = temporaryFolder();
    const [ours, theirs] = [join(folder, 'ours.safetensors'), join(folder, 'theirs.safetensors')];
    writeFileSync(ours, encodeSafetensors(example, { step: '5' }));
    const { status, stderr } = spawnSync(python, ['-c', script, ours, theirs], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { tensors, metadata } = decodeSafetensors(readFileSync(theirs));
    expect(metadata).toEqual({ by: 'python' });
    expect(tensors.size).toBe(example.size + 1);
    expect(tensors.get('theirs')).toEqual({ shape: [3, 2], values: Float32Array.of(0, 1, 2, 3, 4, 5) });
    for (const [name, { values, shape, isBool }] of example) {
      expect(tensors.get(name)).toMatchObject({ shape, ...(isBool ? { isBool } : {}) });
      expect(bytesOf(tensors.get(name)!.values).equals(bytesOf(values))).toBe(true);
    }
  });
});
