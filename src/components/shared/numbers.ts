/** Numbers as people and programs write them into tables. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text is; null for any other text, and for what JavaScript alone takes for a number (`0x10`, the empty text). */
export const readNumber = (text: string): number | null => (NUMBER.test(text) ? Number(text) : null);
