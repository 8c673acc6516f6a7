/** Memory that WebAssembly kernels and onnxruntime both work on without a copy: variables, and the gradients that change them. */

/** A float32 array in the arena. */
export interface Block {
  /** Byte address in the memory. */
  readonly address: number;
  readonly length: number;
  /** The values. Taken anew after each allocation, as a memory that grows moves. */
  readonly array: Float32Array;
}

const pageSize = 65_536;
const alignment = 64;
/** WebAssembly's 32-bit addresses end here. */
const maximumPages = 65_536;

export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages });
  readonly #free = new Map<number, number[]>();
  /** Address 0 stays unused, so that a forgotten address shows. */
  #end = alignment;

  /** A zeroed block. Throws RangeError when the memory is used up. All arrays taken before may be detached afterwards. */
  allocate(length: number): Block {
    const bytes = Math.max(1, Math.ceil((length * 4) / alignment)) * alignment;
    const known = this.#free.get(bytes)?.pop();
    if (known === undefined && this.#end + bytes > this.memory.buffer.byteLength) {
      this.memory.grow(Math.ceil((this.#end + bytes - this.memory.buffer.byteLength) / pageSize));
    }
    const address = known ?? this.#end;
    if (known === undefined) this.#end += bytes;
    new Uint8Array(this.memory.buffer, address, bytes).fill(0);
    return new ArenaBlock(this.memory, address, length);
  }

  free({ address, length }: Block): void {
    const bytes = Math.max(1, Math.ceil((length * 4) / alignment)) * alignment;
    this.#free.set(bytes, [...(this.#free.get(bytes) ?? []), address]);
  }
}

class ArenaBlock implements Block {
  readonly address: number;
  readonly length: number;
  readonly #memory: WebAssembly.Memory;
  #array: Float32Array;

  constructor(memory: WebAssembly.Memory, address: number, length: number) {
    this.#memory = memory;
    this.address = address;
    this.length = length;
    this.#array = new Float32Array(memory.buffer, address, length);
  }

  get array(): Float32Array {
    if (this.#array.buffer !== this.#memory.buffer) this.#array = new Float32Array(this.#memory.buffer, this.address, this.length);
    return this.#array;
  }
}
