/** Plain data, as YAML gives it: what it is, and how it is shown to people. */

export type PlainMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is PlainMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The map's own value; what it inherits (`constructor`, ...) is not data. */
export const ownValue = (map: unknown, key: string | number): unknown =>
  typeof map === 'object' && map !== null && Object.hasOwn(map, key) ? Reflect.get(map, key) : undefined;

/** Writes a key as data, `__proto__` included. */
export const setOwn = (map: object, key: string | number, value: unknown): void => {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
};

export const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
};

const number = (value: number): string => {
  if (Number.isNaN(value)) return '.nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';
};

/** On one line as YAML would have it: `[start, end]`, `{ epochs: 10 }`, `adam`. */
export const inline = (value: unknown): string => {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return /^[a-zA-Z][\w-]*$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isMap(value)) return String(value);
  const pairs = Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
};

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** What a user wrote, with its type where that is the point: `"ten" (text)`, `a list`, `nothing`. */
export const showGiven = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `${shorten(JSON.stringify(value))} (text)`;
  if (Array.isArray(value)) return `the list ${shorten(inline(value))}`;
  if (isMap(value)) return `the map ${shorten(inline(value))}`;
  return inline(value);
};
