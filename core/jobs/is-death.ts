/** Whether a failed call took its engine process with it. */
import { isFailureCode, type EnlargerError } from '../photo/failure.ts';

/** True when the process ended before it answered: the same call may succeed in a fresh one. */
export function isDeath(error: unknown): error is EnlargerError {
  return isFailureCode(error, 'device-failed') && (error as EnlargerError).retry;
}
