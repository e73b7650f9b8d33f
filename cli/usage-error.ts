/** A wrong use of the command: exit code 2, the sentence and the usage go to stderr. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
