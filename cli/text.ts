/** Text that is safe and fits: file names on a terminal. Pure. */

// Control characters move the cursor or fake a line; bidirectional controls reorder what is shown;
// U+2028/9 break lines in some terminals.
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const shortEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Shows characters that a terminal would obey as escapes such as `\n` or `\x1b`. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return shortEscapes[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

// East Asian wide and full-width blocks, and characters that are pictures by default.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const plain = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function graphemeWidth(grapheme: string): number {
  return invisible.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1;
}

/** Columns that a text takes on a terminal: wide characters take two, combining ones none. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

/** At most `columns` wide; what is left out is in the middle, since beginnings and extensions tell names apart. */
export function truncateMiddle(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  const parts = graphemes(text);
  const tail: string[] = [];
  const head: string[] = [];
  let left = columns - 1;
  const tailShare = Math.floor(left / 2);
  let used = 0;
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index] ?? '';
    if (used + graphemeWidth(part) > tailShare) break;
    used += graphemeWidth(part);
    tail.unshift(part);
  }
  left -= used;
  for (const part of parts) {
    if (graphemeWidth(part) > left) break;
    left -= graphemeWidth(part);
    head.push(part);
  }
  return `${head.join('')}…${tail.join('')}`;
}
