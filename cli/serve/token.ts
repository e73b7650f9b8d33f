/** The word in the server's address that lets a browser in: whoever does not know it finds nothing. */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';

/** 192 random bits for URLs, new at each start. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Compares in a time that tells nothing of where the two differ, nor of how long the right one is. */
export function sameToken(given: string, right: string): boolean {
  return timingSafeEqual(digest(given), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
