/**
 * Bytes that break the rules of their container. Never reaches a user as it is: recognising turns it into `damaged`,
 * reading metadata into a line in `problems`. The message completes "The file is damaged: …".
 */
export class MalformedContainer extends Error {
  override readonly name = 'MalformedContainer';
}

/** What `step` gives, or null when the bytes it reads are malformed: for parts that a photo can do without. */
export function nullIfMalformed<Value>(step: () => Value): Value | null {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof MalformedContainer) return null;
    throw thrown;
  }
}
