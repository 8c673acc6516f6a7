export interface TensorboardLog { scalars(step: number, values: object): Promise<void>; image(step: number, tag: string, png: Uint8Array): Promise<void> }
export const createTensorboardLog = (_d: unknown, _c: unknown): TensorboardLog => ({ scalars: () => Promise.resolve(), image: () => Promise.resolve() });
