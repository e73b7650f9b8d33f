/** Under which name a result is stored: everything that decides its pixels, and nothing else. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../photo/canonical-json.ts';
import { resultPartsSchema, type ResultParts } from '../photo/result.ts';

/** 64 hex digits, equal exactly when the parts are. Whatever else the object carries is left out. */
export function resultKey(parts: ResultParts): string {
  return createHash('sha256')
    .update(canonicalJson(resultPartsSchema.parse(parts)))
    .digest('hex');
}

export function isResultKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
