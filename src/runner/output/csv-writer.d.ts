/**
 * The part of csv-writer that is used here. Its `types` entry names TypeScript sources, which would be compiled, and refused, under this
 * project's settings; its compiled file has no types of its own.
 */
declare module 'csv-writer/dist/index.js' {
  export interface ArrayCsvStringifier {
    getHeaderString(): string | null;
    stringifyRecords(records: readonly (readonly string[])[]): string;
  }
  export const createArrayCsvStringifier: (options: { readonly header: readonly string[] }) => ArrayCsvStringifier;
}
