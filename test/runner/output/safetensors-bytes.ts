/** Safetensors files made by hand, right and wrong. */

/** A file with this header text and data. */
export const fileOf = (header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
};

const f32 = (shape: readonly number[], begin: number, end: number): object => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
const file = (header: object, bytes: number): Uint8Array => fileOf(JSON.stringify(header), new Uint8Array(bytes));
const whole = file({ a: f32([2], 0, 8) }, 8);

/** Code expected of the reader, what is wrong, and the bytes. */
export const broken: readonly (readonly [code: string, what: string, bytes: Uint8Array])[] = [
  ['truncated', 'nothing', new Uint8Array(0)],
  ['truncated', 'seven bytes', whole.subarray(0, 7)],
  ['truncated', 'a header that is cut off', whole.subarray(0, 20)],
  ['out-of-bounds', 'data that is cut off', whole.subarray(0, whole.length - 1)],
  ['header-too-large', 'a header of 2^63 bytes', Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80]), Buffer.alloc(100)])],
  [
    'header-too-large',
    'a header of 100,000,001 bytes',
    Buffer.concat([Buffer.from([0x01, 0xe1, 0xf5, 0x05, 0, 0, 0, 0]), Buffer.alloc(100)]),
  ],
  ['bad-header', 'no JSON', fileOf('{"a":')],
  ['bad-header', 'a list', fileOf('[]')],
  ['bad-header', 'a number', fileOf('17')],
  ['bad-header', 'space before the brace', fileOf('  {}')],
  ['bad-header', 'a byte order mark', fileOf('\ufeff{}')],
  ['bad-header', 'bytes that are no UTF-8', Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0x7b, 0xff, 0xfe, 0x7d])])],
  ['bad-header', 'a pickle', Buffer.concat([Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('\x80\x02}q\x00.', 'latin1')])],
  [
    'duplicate-key',
    'a name twice',
    fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'),
  ],
  [
    'duplicate-key',
    'a name twice, once in escapes',
    fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
  ],
  ['duplicate-key', 'two shapes', fileOf('{"a":{"dtype":"U8","shape":[1], "shape" : [0],"data_offsets":[0,0]}}')],
  ['bad-metadata', 'metadata that is a list', file({ __metadata__: ['x'] }, 0)],
  ['bad-metadata', 'metadata that is a number', file({ __metadata__: { epoch: 5 } }, 0)],
  ['bad-entry', 'an entry that is null', file({ a: null }, 0)],
  ['bad-entry', 'an entry without shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4)],
  ['bad-entry', 'an entry with something else', file({ a: { ...f32([1], 0, 4), code: 'rm' } }, 4)],
  ['bad-entry', 'one offset', file({ a: { dtype: 'F32', shape: [1], data_offsets: [4] } }, 4)],
  ['bad-entry', 'a negative offset', file({ a: f32([1], -4, 0) }, 4)],
  ['bad-entry', 'half an offset', file({ a: f32([1], 0.5, 4.5) }, 8)],
  ['unsupported-dtype', 'float64', file({ a: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }, 8)],
  ['unsupported-dtype', 'a type of Object.prototype', file({ a: { dtype: 'constructor', shape: [1], data_offsets: [0, 4] } }, 4)],
  ['unsupported-dtype', 'a number as type', file({ a: { dtype: 4, shape: [1], data_offsets: [0, 4] } }, 4)],
  ['bad-shape', 'a negative size', file({ a: f32([-1], 0, 4) }, 4)],
  ['bad-shape', 'text as size', file({ a: { dtype: 'F32', shape: ['1'], data_offsets: [0, 4] } }, 4)],
  ['bad-shape', 'no list', file({ a: { dtype: 'F32', shape: 1, data_offsets: [0, 4] } }, 4)],
  ['bad-shape', 'a size beyond counting', file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4)],
  ['size-mismatch', 'three bytes for a float', file({ a: f32([1], 0, 3) }, 3)],
  ['size-mismatch', 'an end before the begin', file({ a: f32([1], 4, 0) }, 4)],
  ['size-mismatch', 'a shape that is larger than the range', file({ a: f32([1000, 1000], 0, 8) }, 8)],
  ['out-of-bounds', 'a range behind the end', file({ a: f32([1], 8, 12) }, 8)],
  ['overlap', 'two tensors on the same bytes', file({ a: f32([2], 0, 8), b: f32([2], 0, 8) }, 8)],
  ['overlap', 'two tensors on some of the same bytes', file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12)],
  ['gap', 'bytes between tensors', file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)],
  ['gap', 'bytes before the first', file({ a: f32([1], 4, 8) }, 8)],
  ['trailing-bytes', 'bytes behind the last', file({ a: f32([1], 0, 4) }, 5)],
  ['trailing-bytes', 'bytes of no tensor at all', file({}, 1)],
  ['bad-bool', 'a truth value of 2', fileOf('{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', Uint8Array.of(2))],
];
