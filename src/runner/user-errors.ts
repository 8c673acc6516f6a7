/** Errors that are the user's to mend: told in words. Anything else is a fault of ours and keeps its stack. */
import { DataError } from '../components/shared/data-error.js';
import { EngineUnavailableError, TraceError } from '../engine/index.js';
import { ConfigError } from '../registry/errors.js';
import { RunError } from './errors.js';

export type UserError = ConfigError | DataError | EngineUnavailableError | RunError | TraceError;

export const isUserError = (error: unknown): error is UserError =>
  [ConfigError, DataError, EngineUnavailableError, RunError, TraceError].some((type) => error instanceof type);
