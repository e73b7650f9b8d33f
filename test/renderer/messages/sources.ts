/** What the sources of the window say by themselves, and which messages they ask for. Read with the compiler's own parser. */
import { parse } from 'svelte/compiler';

const files = import.meta.glob<string>(['../../../renderer/**/*.svelte', '../../../renderer/**/*.ts'], {
  eager: true,
  import: 'default',
  query: '?raw',
});

/** Path in the repository → source. */
export const sources: ReadonlyMap<string, string> = new Map(
  Object.entries(files)
    .map(([path, text]) => [path.replace(/^.*\/(?=renderer\/)/, ''), text] as const)
    .filter(([path]) => !path.endsWith('.d.ts')),
);

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** One `t(…)`. */
export interface MessageCall {
  /** The names that it asks for, as far as they stand there. */
  readonly keys: readonly string[];
  /** Names of the values that are put in; null where that cannot be seen. */
  readonly values: readonly string[] | null;
}

/** All calls of `t` in a file. */
export function messageCalls(path: string, source: string): MessageCall[] {
  const calls: MessageCall[] = [];
  for (const node of nodesOf(syntaxOf(path, source))) {
    if (node.type !== 'CallExpression' || !isName(node['callee'], 't')) continue;
    const [key, values] = node['arguments'] as (Node | undefined)[];
    if (key !== undefined) calls.push({ keys: literals(key), values: memberNames(values) });
  }
  return calls;
}

/** Every string and every pattern `before${…}after` of a file, wherever it stands: names of messages are handed around. */
export function stringsOf(
  path: string,
  source: string,
): { readonly plain: ReadonlySet<string>; readonly patterns: readonly RegExp[] } {
  const plain = new Set<string>();
  const patterns: RegExp[] = [];
  for (const node of nodesOf(syntaxOf(path, source))) {
    if (node.type === 'Literal' && typeof node['value'] === 'string') plain.add(node['value']);
    if (node.type !== 'TemplateLiteral') continue;
    const parts = quasis(node);
    // A pattern that does not begin with the name of a file would be any text.
    if (/^[a-z]+\./.test(parts[0] ?? '')) patterns.push(new RegExp(`^${parts.map(escaped).join('[^.]+')}$`));
  }
  return { plain, patterns };
}

/** Attributes and properties whose text people see or hear. */
const spoken = new Set([
  ...['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'title', 'alt', 'placeholder'],
  ...['label', 'hint', 'text', 'error', 'valueText', 'confirmLabel'],
]);

/** Words that a component shows or speaks without asking for a message. */
export function wordsIn(path: string, source: string): string[] {
  const words: string[] = [];
  for (const node of nodesOf(parse(source, { modern: true, filename: path }).fragment)) {
    if (node.type === 'Fragment') {
      for (const child of node['nodes'] as Node[]) words.push(...shownBy(child));
    }
    if (node.type === 'Attribute' && spoken.has(String(node['name'])) && node['value'] !== true) {
      for (const part of [node['value']].flat() as Node[]) words.push(...shownBy(part));
    }
  }
  return words.filter((word) => /\p{L}/u.test(word));
}

/** Texts that a node puts into the page: not those that it hands to a function or compares with. */
function shownBy(node: Node): string[] {
  switch (node.type) {
    case 'Text':
      return [String(node['data'])];
    case 'ExpressionTag':
      return shownBy(node['expression'] as Node);
    case 'Literal':
      return typeof node['value'] === 'string' ? [node['value']] : [];
    case 'TemplateLiteral':
      return [...quasis(node), ...(node['expressions'] as Node[]).flatMap(shownBy)];
    case 'ConditionalExpression':
      return [node['consequent'], node['alternate']].flatMap((part) => shownBy(part as Node));
    case 'LogicalExpression':
      return [node['left'], node['right']].flatMap((part) => shownBy(part as Node));
    case 'BinaryExpression':
      return node['operator'] === '+' ? [node['left'], node['right']].flatMap((part) => shownBy(part as Node)) : [];
    default:
      return [];
  }
}

/** The strings that an expression may be. */
function literals(node: Node): string[] {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return [node['value']];
  if (node.type !== 'ConditionalExpression') return [];
  return [node['consequent'], node['alternate']].flatMap((part) => literals(part as Node));
}

function memberNames(node: Node | undefined): string[] | null {
  if (node === undefined) return [];
  if (node.type !== 'ObjectExpression') return null;
  const members = node['properties'] as Node[];
  return members.every(({ type }) => type === 'Property')
    ? members.map((member) => String((member['key'] as Node)['name']))
    : null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function quasis(node: Node): string[] {
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
}

function isName(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === name;
}

function syntaxOf(path: string, source: string): unknown {
  // The parser reads components; to it, a module is one without markup.
  const text = path.endsWith('.svelte') ? source : `<script lang="ts">${source}</script>`;
  const { instance, module, fragment } = parse(text, { modern: true, filename: path });
  return [instance, module, fragment];
}

function* nodesOf(value: unknown): Generator<Node> {
  if (isNode(value)) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) if (name !== 'parent' && name !== 'metadata') yield* nodesOf(member);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
