import { parse } from 'svelte/compiler';
import type { ImportSite } from './imports.ts';
import { importsOf } from './imports.ts';

/** What the walk below looks at of a node of Svelte's syntax tree. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly source?: { readonly type: string; readonly value?: unknown };
}

/**
 * Finds every import of a Svelte component: those of its scripts, and `import()` in its markup.
 *
 * @param fileName for the message when the component cannot be parsed
 * @param text the component
 */
export function importsOfComponent(fileName: string, text: string): ImportSite[] {
  const component = parse(text, { modern: true, filename: fileName });
  // The types say null for a script that is missing; it is undefined.
  const scripts = [component.module, component.instance].filter(Boolean) as unknown as readonly { readonly content: Node }[];
  const inMarkup: ImportSite[] = [];
  visit(component.fragment, (node) => {
    if (node.type !== 'ImportExpression') return;
    const specifier = node.source?.type === 'Literal' ? String(node.source.value) : null;
    inMarkup.push({ specifier, line: text.slice(0, node.start).split('\n').length, typeOnly: false });
  });
  // Each script alone, with the lines before it kept empty so that it stands where it stood.
  const inScripts = scripts.flatMap(({ content: { start, end } }) => {
    const linesBefore = text.slice(0, start).replace(/[^\n]/g, '');
    return importsOf(`${fileName}.ts`, linesBefore + text.slice(start, end));
  });
  return [...inScripts, ...inMarkup];
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string') see(value as Node);
  for (const child of Object.values(value)) visit(child, see);
}
