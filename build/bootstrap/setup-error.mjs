/** Set-up cannot go on. The message is for the user: what could not be had, and how to mend it. */
export class SetupError extends Error {
  /**
   * @param {string} message sentences for the user
   * @param {number} exitCode exit code of the command, 1 unless it was interrupted
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}
