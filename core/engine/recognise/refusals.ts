/** The sentences for files that are not enlarged: each says what is wrong and what the user can do. */
import { EnlargerError } from '../../photo/failure.ts';

/** `what` completes "The file is damaged: …". */
export function damaged(what: string, cause?: unknown): EnlargerError {
  return new EnlargerError(
    'damaged',
    `The file is damaged: ${what}. Copy it again from where it came from, or use another copy.`,
    { cause },
  );
}

/** `what` completes "This is …". */
export function notAPhoto(what: string): EnlargerError {
  return new EnlargerError(
    'not-a-photo',
    `This is ${what}, not a photo. Choose a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF file.`,
  );
}

/** `what` completes "This is …"; `advice` is a sentence. */
export function unsupported(
  what: string,
  advice = 'Save it as PNG or TIFF with another program first, then enlarge that file.',
): EnlargerError {
  return new EnlargerError('unsupported-format', `This is ${what}, which cannot be read. ${advice}`);
}
