/** Names for what is being recorded, so that an error or a profile can say which part of a step it is about. */

const stack: string[] = [];

/** Runs `body` under a label ("loss kl", "encoder"); labels nest. */
export const withLabel = <T>(label: string, body: () => T): T => {
  stack.push(label);
  try {
    return body();
  } finally {
    stack.pop();
  }
};

export const currentLabels = (): readonly string[] => [...stack];
export const innermostLabel = (): string => stack.at(-1) ?? '';
