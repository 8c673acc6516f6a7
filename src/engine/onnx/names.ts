/** Names in a compiled graph. Each kind has a prefix of its own, so that no input's name can meet one that the engine makes up. */

export const inputName = (name: string): string => `input_${name}`;
export const outputName = (name: string): string => `output_${name}`;
/** What the graph computes for a variable that is read as `variable`. */
export const assignmentName = (variable: string): string => `${variable}_next`;
