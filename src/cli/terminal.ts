/** Questions to somebody at a terminal. */
import { createInterface } from 'node:readline';

/** The answer, trimmed; null when the terminal is closed instead: Ctrl-C or Ctrl-D. */
export type Ask = (question: string) => Promise<string | null>;

export interface Terminal {
  readonly ask: Ask;
  readonly close: () => void;
}

/** Null where nobody is there to answer: a pipe, a job. */
export const openTerminal = (): Terminal | null => {
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY || !output.isTTY) return null;
  const lines = createInterface({ input, output });
  // Not `question`: that loses lines that are pasted together, and waits for ever when the terminal is closed.
  const answers = lines[Symbol.asyncIterator]();
  return {
    ask: async (question) => {
      lines.setPrompt(question);
      lines.prompt();
      const answer = await answers.next();
      return answer.done === true ? null : answer.value.trim();
    },
    close: () => {
      lines.close();
    },
  };
};
