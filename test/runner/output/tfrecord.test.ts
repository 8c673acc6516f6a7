import { describe, expect, it } from 'vitest';
import { crc32c, frameRecord, maskedCrc32c } from '../../../src/runner/output/tfrecord.js';

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the usual check value.
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', ascending, 0x46dd794e],
    ['31 to 0', ascending.toReversed(), 0x113fdb5c],
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s is the published one', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('is masked by a rotation and a constant, without a sign', () => {
    // By hand: 0xe3069283 rotated right by 15 is 0x2507c60d; plus 0xa282ead8.
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe((0x2507c60d + 0xa282ead8) % 2 ** 32);
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
  });

  it('frames an empty record', () => {
    const { buffer } = frameRecord(new Uint8Array(0));
    const view = new DataView(buffer);
    expect(view.byteLength).toBe(16);
    expect(view.getBigUint64(0, true)).toBe(0n);
    expect(view.getUint32(8, true)).toBe(maskedCrc32c(new Uint8Array(8)));
    expect(view.getUint32(12, true)).toBe(0xa282ead8);
  });
});
