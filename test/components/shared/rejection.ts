/** The DataError that an action ends with; assertions are made on its code and facts. */
import { DataError, type DataErrorCode, type DataErrorFacts } from '../../../src/components/shared/data-error.js';

export const dataErrorOf = async (action: () => unknown): Promise<DataError> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

/** What `toMatchObject` is given: a code with facts that go with it. */
export const problem = <C extends DataErrorCode>(
  code: C,
  facts: Partial<DataErrorFacts[C]> = {},
): { readonly code: C; readonly facts: Partial<DataErrorFacts[C]> } => ({
  code,
  facts,
});
